using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Security;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Protocol.V1;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>A worker's stream: its messages go to the loop of its run, and those of its session go down to it.</summary>
[Authorize(Policy = Roles.Worker)]
internal sealed class OuterTrainingService(
    WorkerPlaces places, RunHosts runs, StateMemory memory, TimeProvider time, ILogger<OuterTrainingService> log)
    : Protocol.V1.OuterTraining.OuterTrainingBase
{
    /// <summary>A stream without a Hello is no worker: it must not be kept.</summary>
    private static readonly TimeSpan HelloLimit = TimeSpan.FromSeconds(10);

    private static readonly WriteOptions MoreFollows = new(WriteFlags.BufferHint);

    public override async Task Join(
        IAsyncStreamReader<WorkerMessage> up, IServerStreamWriter<CoordinatorMessage> down, ServerCallContext context)
    {
        var hello = await HelloAsync(up, context.CancellationToken);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var session = new WorkerSession(WireMessages.FromProto(hello), call);
        if (places.Join(session) is not { } place)
        {
            await down.WriteAsync(NoRun(session), call.Token);
            return;
        }

        try
        {
            if (place.Run.Failure is null) await ServeAsync(place, up, down, call);
            if (place.Run.Failure is not null) await SendAwayAsync(place, up, down, context.CancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException
            && context.CancellationToken.IsCancellationRequested)
        {
            SessionLog.ConnectionBroke(log, session.WorkerId);
        }
        finally
        {
            session.Complete();
            await LeaveAsync(session, place.Run.Get<RunQueue>().Writer);
            places.Leave(place);
        }
    }

    /// <summary>Passes messages on in both directions until the session ends, or the run fails.</summary>
    private async Task ServeAsync(
        WorkerPlace place, IAsyncStreamReader<WorkerMessage> up, IServerStreamWriter<CoordinatorMessage> down, CancellationTokenSource call)
    {
        var session = place.Session;
        // Workers that were dismissed have left by then; of a loop that has failed nothing more will come.
        using var ended = place.Run.Get<ServingLifetime>().WhenOver(call.Cancel);
        RpcException? fault = null;
        try
        {
            await place.Run.Get<RunQueue>().Writer.WriteAsync(new WorkerJoined(session), call.Token);
            var reading = ReadAsync(up, place, call.Token);
            try
            {
                await foreach (var message in session.ReadAllAsync(call.Token))
                {
                    down.WriteOptions = MayWait(message) && session.Waiting > 0 ? MoreFollows : null;
                    await down.WriteAsync(message, call.Token);
                }
            }
            finally
            {
                await call.CancelAsync();
                fault = await reading;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException && place.Run.Failure is not null)
        {
            return;
        }

        if (fault is not null) throw fault;
        if (session.Aborted) throw new OperationCanceledException();
    }

    /// <summary>Small messages that others follow share a packet with them: each alone costs more than the message itself.</summary>
    private static bool MayWait(CoordinatorMessage message) => message.KindCase is CoordinatorMessage.KindOneofCase.Ack;

    private async Task<Hello> HelloAsync(IAsyncStreamReader<WorkerMessage> up, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(HelloLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            if (await up.MoveNext(both.Token) && up.Current.Hello is { } hello) return hello;
            throw new RpcException(new Grpc.Core.Status(StatusCode.InvalidArgument, "The first message of a worker must be Hello."));
        }
        catch (Exception e) when (limit.IsCancellationRequested && e is OperationCanceledException or RpcException)
        {
            throw new RpcException(new Grpc.Core.Status(
                StatusCode.DeadlineExceeded, $"No Hello came within {HelloLimit.TotalSeconds:0} s. It must be the first message."));
        }
    }

    private static CoordinatorMessage NoRun(WorkerSession session)
    {
        string detail = session.Hello.RunId.Length > 0
            ? $"the worker belongs to run '{session.Hello.RunId}', which this coordinator does not serve"
            : "no run of this coordinator could be opened";
        return WireMessages.ToProto(new MessageRefused(new Sessions.Refusal(RefusalReason.WrongRun, detail), Fatal: true, Sample: null));
    }

    /// <summary>
    /// The run has failed, and with it the loop that would dismiss the worker. Of a study's run it is dismissed here, for other runs or for
    /// good: the problems of a failed run are not stored. The worker of a single run keeps its problems, until a coordinator is back.
    /// </summary>
    private async Task SendAwayAsync(
        WorkerPlace place, IAsyncStreamReader<WorkerMessage> up, IServerStreamWriter<CoordinatorMessage> down,
        CancellationToken cancellation)
    {
        var (run, session) = (place.Run, place.Session);
        if (!runs.IsStudy) throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "the run has failed"));
        session.ComesBack = runs.HaveWork(except: run.Name);
        down.WriteOptions = null;
        if (!session.Welcomed)
        {
            var welcome = new Welcomed(run.Run, run.Get<ThetaBoard>().Published, run.Get<MembershipTimes>().HeartbeatInterval);
            await down.WriteAsync(WireMessages.ToProto(welcome), cancellation);
        }

        await down.WriteAsync(WireMessages.ToProto(new Dismissed("the run has failed", session.ComesBack)), cancellation);
        using var limit = new CancellationTokenSource(MembershipTimes.Farewell, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        while (await up.MoveNext(both.Token))
        {
            if (up.Current.Goodbye is not null) return;
        }
    }

    /// <returns>What is wrong with what the worker sent, so that nothing more can be read of it; null: nothing.</returns>
    private async Task<RpcException?> ReadAsync(
        IAsyncStreamReader<WorkerMessage> up, WorkerPlace place, CancellationToken cancellation)
    {
        var session = place.Session;
        var queue = place.Run.Get<RunQueue>().Writer;
        var bounds = new MessageBounds(place.Run.Run.Specification);
        var pace = new ReadingPace(session, time);
        using var assembly = new StateAssembly(memory, time);
        try
        {
            while (await up.MoveNext(cancellation))
            {
                session.Hear(time.GetUtcNow());
                assembly.DropOverdue();
                var message = up.Current.StateChunk is { } chunk
                    ? assembly.Add(chunk.Data.Span, chunk.Last, chunk.AssignmentId)
                    : bounds.Check(WireMessages.FromProto(up.Current));
                if (message is null) continue;
                await PassOnAsync(session, message, queue, cancellation);
                await pace.WaitAsync(message, cancellation);
            }
        }
        catch (InvalidProtocolBufferException e)
        {
            return UnreadableMessage.Status(e);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.ResourceExhausted or StatusCode.InvalidArgument)
        {
            return e;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or RpcException or ChannelClosedException)
        {
            // The stream is over; LeaveAsync reports it to the run loop.
        }
        finally
        {
            session.Complete();
        }

        return null;
    }

    private static async Task PassOnAsync(
        WorkerSession session, IncomingMessage message, ChannelWriter<RunEvent> queue, CancellationToken cancellation)
    {
        session.Waits = true;
        try
        {
            await queue.WriteAsync(new WorkerSent(session, message), cancellation);
        }
        catch
        {
            message.Release();
            throw;
        }
        finally
        {
            session.Waits = false;
        }
    }

    private static async Task LeaveAsync(WorkerSession session, ChannelWriter<RunEvent> queue)
    {
        try
        {
            await queue.WriteAsync(new WorkerLeft(session), CancellationToken.None);
        }
        catch (ChannelClosedException)
        {
            // The run loop has ended, and the ledger with it.
        }
    }
}
