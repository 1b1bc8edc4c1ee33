using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Protocol.V1;

namespace LoptCluster.ClusterTestKit;

/// <summary>Passes the messages between a worker and its coordinator on, and changes those of the worker.</summary>
internal sealed class TamperedMessages(Tampering tampering) : OuterTraining.OuterTrainingBase
{
    public override async Task Join(
        IAsyncStreamReader<WorkerMessage> up, IServerStreamWriter<CoordinatorMessage> down, ServerCallContext context)
    {
        using var channel = GrpcChannel.ForAddress(tampering.Coordinator);
        using var call = new OuterTraining.OuterTrainingClient(channel).Join(cancellationToken: context.CancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var upwards = PassUpAsync(up, call.RequestStream, over.Token);
        try
        {
            while (await call.ResponseStream.MoveNext(over.Token)) await down.WriteAsync(call.ResponseStream.Current, over.Token);
        }
        finally
        {
            await over.CancelAsync();
            await upwards;
        }
    }

    private async Task PassUpAsync(
        IAsyncStreamReader<WorkerMessage> up, IClientStreamWriter<WorkerMessage> coordinator, CancellationToken cancellation)
    {
        try
        {
            while (await up.MoveNext(cancellation))
            {
                tampering.Change(up.Current);
                await coordinator.WriteAsync(up.Current, cancellation);
            }

            await coordinator.CompleteAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or RpcException or InvalidOperationException)
        {
            // One of the two has ended the stream.
        }
    }
}

/// <param name="Coordinator">URL of the coordinator.</param>
/// <param name="Change">What happens to each message of the worker.</param>
internal sealed record Tampering(string Coordinator, Action<WorkerMessage> Change);
