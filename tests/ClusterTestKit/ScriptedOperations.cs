using Grpc.Core;
using LoptCluster.Protocol.V1;
using Status = LoptCluster.Protocol.V1.Status;

namespace LoptCluster.ClusterTestKit;

/// <summary>Answers with the statuses of the script.</summary>
internal sealed class ScriptedOperations(CoordinatorScript script) : Operations.OperationsBase
{
    public override Task<Status> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        script.CheckToken(context);
        return Task.FromResult(script.Status);
    }

    public override Task<Quarantine> GetQuarantine(GetQuarantineRequest request, ServerCallContext context)
    {
        script.CheckToken(context);
        return Task.FromResult(script.Quarantine);
    }

    public override Task<Quarantine> LiftQuarantine(LiftQuarantineRequest request, ServerCallContext context)
    {
        script.CheckToken(context);
        script.Quarantine.Workers.Remove(script.Quarantine.Workers.Single(w => w.WorkerId == request.WorkerId));
        return Task.FromResult(script.Quarantine);
    }

    public override async Task WatchStatus(
        WatchStatusRequest request, IServerStreamWriter<Status> responseStream, ServerCallContext context)
    {
        script.CheckToken(context);
        if (!script.Streams.TryDequeue(out var statuses))
            throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "gone"));
        foreach (var status in statuses) await responseStream.WriteAsync(status, context.CancellationToken);
        if (!statuses.Any(s => s.State == RunState.Finished))
            throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "it has stopped"));
    }
}
