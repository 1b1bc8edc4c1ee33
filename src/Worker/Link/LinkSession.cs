using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Reports;
using LoptCluster.Worker.Unrolling;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Worker.Link;

/// <summary>One welcomed connection: a reader, a writer and a heartbeat until it ends. Converts the messages of the protocol.</summary>
/// <remarks>
/// A gRPC stream takes one writer at a time: everything that is sent passes through a channel. Samples that are lost with the connection
/// are sent again by the <see cref="UnrollPool"/>.
/// </remarks>
internal sealed class LinkSession : IAsyncDisposable
{
    private static readonly TimeSpan WelcomeLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(5);

    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<WorkerMessage, CoordinatorMessage> _call;
    private readonly UnrollPool _pool;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly InnerStepRate _rate;
    private readonly Channel<OutboundMessage> _outbound =
        Channel.CreateUnbounded<OutboundMessage>(new UnboundedChannelOptions { SingleReader = true });

    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource<Farewell> _dismissed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _writing = Task.CompletedTask;
    private Task _beating = Task.CompletedTask;

    private LinkSession(GrpcChannel channel, Metadata headers, UnrollPool pool, TimeProvider time, ILogger log)
    {
        _channel = channel;
        _call = new OuterTraining.OuterTrainingClient(channel).Join(headers, cancellationToken: CancellationToken.None);
        _pool = pool;
        _time = time;
        _log = log;
        _rate = new InnerStepRate(time, pool.Status.InnerSteps);
    }

    /// <summary>Completes when the stream has ended: with an error that a retry cannot fix, or with null.</summary>
    public Task<Exception?> Ended { get; private set; } = Task.FromResult<Exception?>(null);

    /// <summary>Completes when the coordinator dismisses this worker, or asks it to come back later.</summary>
    public Task<Farewell> Dismissed => _dismissed.Task;

    /// <summary>Why the stream ended, for the log.</summary>
    public string EndReason { get; private set; } = "the stream ended";

    /// <summary>Joins the run and waits for the welcome.</summary>
    /// <exception cref="UserErrorException">The coordinator refuses this worker.</exception>
    public static async Task<LinkSession> OpenAsync(
        LinkChannel channel, LinkOptions options, UnrollPool pool, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        var session = new LinkSession(channel.Open(log), channel.Headers, pool, time, log);
        var call = session._call;
        try
        {
            using var limit = new CancellationTokenSource(WelcomeLimit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            await using (both.Token.Register(call.Dispose))
            {
                var hello = WorkerMessages.Hello(options, pool.RunId, pool.Fingerprints, pool.Positions);
                try
                {
                    await call.RequestStream.WriteAsync(hello, both.Token);
                }
                catch (Exception e) when (e is RpcException or IOException or InvalidOperationException)
                {
                    // The call has failed before Hello was written; its answer says why.
                }

                if (!await call.ResponseStream.MoveNext(both.Token)) throw new IOException("the stream ended before a welcome");
            }

            session.Start(call.ResponseStream.Current);
            return session;
        }
        catch (Exception e)
        {
            await session.DisposeAsync();
            cancellation.ThrowIfCancellationRequested();
            if (e is OperationCanceledException or ObjectDisposedException or RpcException { StatusCode: StatusCode.Cancelled })
                throw new TimeoutException("no welcome in time", e);
            throw;
        }
    }

    /// <summary>Sends the goodbye and waits, up to a limit, until the coordinator has received it.</summary>
    public async Task SendGoodbyeAsync(OutboundMessage.Goodbye goodbye)
    {
        _outbound.Writer.TryWrite(goodbye);
        _outbound.Writer.TryComplete();
        await Task.WhenAny(Task.WhenAll(_writing, Ended), Task.Delay(GoodbyeLimit, _time));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _outbound.Writer.TryComplete();
        _call.Dispose();
        await Task.WhenAll(Ended, _writing, _beating);
        _channel.Dispose();
        _end.Dispose();
    }

    private static UserErrorException Refused(Reject reject) => new($"The coordinator refuses this worker: {reject.Detail}.");

    private void Start(CoordinatorMessage first)
    {
        if (first.Reject is { } reject)
            throw reject.Fatal ? Refused(reject) : new IOException($"the coordinator refuses this worker for now: {reject.Detail}");
        if (first.Welcome is not { } welcome) throw new IOException($"the first message was {first.KindCase}, not Welcome");
        _pool.Join(CoordinatorMessages.FromProto(welcome), ThetaWire.FromProto(welcome.Theta));
        _pool.Connect(_outbound.Writer);
        _writing = WriteAsync();
        _beating = BeatAsync(TimeSpan.FromSeconds(Math.Max(1, welcome.HeartbeatSeconds)));
        Ended = ReadAsync();
    }

    private async Task<Exception?> ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(_end.Token))
            {
                if (OnMessage(_call.ResponseStream.Current) is { } fatal) return fatal;
            }
        }
        catch (UserErrorException e)
        {
            return e;
        }
        catch (Exception e) when (e is RpcException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            EndReason = LinkErrors.Describe(e);
        }

        _outbound.Writer.TryComplete();
        return null;
    }

    /// <returns>Why this worker must not continue; null: it continues.</returns>
    private UserErrorException? OnMessage(CoordinatorMessage message)
    {
        switch (message.KindCase)
        {
            case CoordinatorMessage.KindOneofCase.Assignment: OnAssignment(message.Assignment); break;
            case CoordinatorMessage.KindOneofCase.Theta: _pool.UpdateTheta(ThetaWire.FromProto(message.Theta)); break;
            case CoordinatorMessage.KindOneofCase.Ack: OnAcknowledgement(CoordinatorMessages.FromProto(message.Ack)); break;
            case CoordinatorMessage.KindOneofCase.Revoke: _pool.Revoke(message.Revoke.ProblemId); break;
            case CoordinatorMessage.KindOneofCase.SetPaused: _pool.SetPaused(message.SetPaused.Paused); break;
            case CoordinatorMessage.KindOneofCase.Drain: OnDrain(message.Drain); break;
            case CoordinatorMessage.KindOneofCase.Reject when message.Reject.Fatal: return Refused(message.Reject);
            case CoordinatorMessage.KindOneofCase.Reject: OnReject(message.Reject); break;
            default:
                // A newer coordinator may send more than this worker understands.
                break;
        }

        return null;
    }

    private void OnAcknowledgement(Acknowledgement acknowledgement)
    {
        var (problem, truncation) = acknowledgement.Identity;
        LinkLog.Acknowledged(_log, problem, truncation, acknowledgement.Outcome);
        _pool.Acknowledge(acknowledgement);
    }

    private void OnAssignment(Assignment assignment)
    {
        if (assignment.Evaluation is { } evaluation) _pool.Assign(CoordinatorMessages.FromProto(evaluation));
        else if (assignment.ComparisonPart is { } part) _pool.Assign(CoordinatorMessages.FromProto(part));
        else if (assignment.Audit is { } audit) _pool.Take(AuditWire.FromProto(audit));
        else if (assignment.Problem is { } problem) _pool.Assign(CoordinatorMessages.FromProto(problem));
    }

    private void OnReject(Reject reject)
    {
        LinkLog.Refused(_log, reject.ProblemId >= 0 ? $"a sample of problem {reject.ProblemId}" : "a message", reject.Detail);
        if (reject.ProblemId >= 0) _pool.Revoke(reject.ProblemId);
    }

    private void OnDrain(Drain drain) => _dismissed.TrySetResult(new Farewell(drain.Reason, drain.ComeBack));

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var outbound in _outbound.Reader.ReadAllAsync(_end.Token))
            {
                foreach (var message in ToProto(outbound)) await _call.RequestStream.WriteAsync(message, _end.Token);
            }

            await _call.RequestStream.CompleteAsync();
        }
        catch (Exception e)
            when (e is RpcException or IOException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // The reader sees the same end and reports it.
        }
    }

    private IEnumerable<WorkerMessage> ToProto(OutboundMessage message)
    {
        switch (message)
        {
            case OutboundMessage.Measured measured: return [WorkerMessages.Sample(measured)];
            case OutboundMessage.Evaluated evaluated: return [WorkerMessages.Evaluation(evaluated)];
            case OutboundMessage.Compared compared: return [WorkerMessages.Compared(compared)];
            case OutboundMessage.Audited audited: return [WorkerMessages.Audited(audited)];
            case OutboundMessage.StateUnusable unusable: return [WorkerMessages.Unusable(unusable)];
            case OutboundMessage.Goodbye goodbye: return WorkerMessages.Goodbye(goodbye);
            case OutboundMessage.StatusDue:
                var status = _pool.Status;
                return [WorkerMessages.Heartbeat(status, _rate.Next(status.InnerSteps))];
            default: throw new ArgumentOutOfRangeException(nameof(message), message, "The protocol has no such message.");
        }
    }

    private async Task BeatAsync(TimeSpan interval)
    {
        try
        {
            using var timer = new PeriodicTimer(interval, _time);
            while (await timer.WaitForNextTickAsync(_end.Token)) _outbound.Writer.TryWrite(new OutboundMessage.StatusDue());
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }
}
