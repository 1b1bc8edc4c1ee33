using Grpc.Core;
using LoptCluster.Protocol.V1;
using Status = LoptCluster.Protocol.V1.Status;

namespace LoptCluster.ClusterTestKit;

/// <summary>The answers of a <see cref="ScriptedCoordinator"/>.</summary>
public sealed class CoordinatorScript
{
    /// <summary>One stream of statuses for each call of WatchStatus: one that does not finish breaks, and after the last is none.</summary>
    public Queue<Status[]> Streams { get; } = new();

    public Status Status { get; set; } = new() { State = RunState.Running };

    /// <summary>What the audits of the run have found.</summary>
    public Quarantine Quarantine { get; set; } = new();

    public float[] Theta { get; set; } = [1, 2, 3];

    public bool DamageChecksum { get; set; }

    /// <summary>Token that calls for status and θ must carry; null: none.</summary>
    public string? Token { get; set; }

    /// <summary>Status code that refuses every worker; null: workers are accepted.</summary>
    public StatusCode? RefuseWorkersWith { get; set; }

    internal void CheckToken(ServerCallContext context)
    {
        if (Token is not null && context.RequestHeaders.GetValue("authorization") != $"Bearer {Token}")
            throw new RpcException(new Grpc.Core.Status(StatusCode.Unauthenticated, "token"));
    }
}
