using System.Threading.Channels;
using Grpc.Core;
using LoptCluster.Coordinator.Security;
using LoptCluster.Protocol.V1;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>A worker's stream: its messages go to the run loop, and those of its session go down to it.</summary>
[Authorize(Policy = Roles.Worker)]
internal sealed class OuterTrainingService(RunQueue queue, ILogger<OuterTrainingService> log) : Protocol.V1.OuterTraining.OuterTrainingBase
{
    public override async Task Join(
        IAsyncStreamReader<WorkerMessage> up, IServerStreamWriter<CoordinatorMessage> down, ServerCallContext context)
    {
        if (!await up.MoveNext(context.CancellationToken) || up.Current.Hello is not { } hello)
            throw new RpcException(new Grpc.Core.Status(StatusCode.InvalidArgument, "The first message of a worker must be Hello."));

        using var call = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var session = new WorkerSession(WireMessages.FromProto(hello), call);
        try
        {
            await queue.Writer.WriteAsync(new WorkerJoined(session), call.Token);
            var reading = ReadAsync(up, session, call.Token);
            await foreach (var message in session.ReadAllAsync(call.Token)) await down.WriteAsync(message, call.Token);
            await call.CancelAsync();
            await reading;
            if (session.Aborted) throw new OperationCanceledException();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException
            && context.CancellationToken.IsCancellationRequested)
        {
            SessionLog.ConnectionBroke(log, session.WorkerId);
        }
        finally
        {
            session.Complete();
            await LeaveAsync(session);
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<WorkerMessage> up, WorkerSession session, CancellationToken cancellation)
    {
        try
        {
            while (await up.MoveNext(cancellation))
                await queue.Writer.WriteAsync(new WorkerSent(session, WireMessages.FromProto(up.Current)), cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or RpcException or ChannelClosedException)
        {
            // The stream is over; LeaveAsync reports it to the run loop.
        }

        session.Complete();
    }

    private async Task LeaveAsync(WorkerSession session)
    {
        try
        {
            await queue.Writer.WriteAsync(new WorkerLeft(session), CancellationToken.None);
        }
        catch (ChannelClosedException)
        {
            // The run loop has ended, and the ledger with it.
        }
    }
}
