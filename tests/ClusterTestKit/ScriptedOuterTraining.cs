using Grpc.Core;
using LoptCluster.Protocol.V1;

namespace LoptCluster.ClusterTestKit;

/// <summary>Hands every worker that joins to the test.</summary>
internal sealed class ScriptedOuterTraining(CoordinatorScript script, JoiningWorkers workers) : OuterTraining.OuterTrainingBase
{
    public override async Task Join(
        IAsyncStreamReader<WorkerMessage> up, IServerStreamWriter<CoordinatorMessage> down, ServerCallContext context)
    {
        if (script.RefuseWorkersWith is { } code) throw new RpcException(new Grpc.Core.Status(code, "refused by the script"));
        await up.MoveNext(context.CancellationToken);
        var connection = new WorkerConnection(up.Current.Hello, context.RequestHeaders.GetValue("authorization"));
        await workers.Joined.Writer.WriteAsync(connection);
        await using var cut = workers.Cut.Token.Register(connection.Break);
        await connection.RunAsync(up, down, context);
    }
}
