using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Worker.Unrolling;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Worker.Link;

/// <summary>One welcomed connection: a reader, a writer and a heartbeat until it ends.</summary>
/// <remarks>A gRPC stream takes one writer at a time: everything that goes up passes a channel. What is lost with it is sent again by the workshop.</remarks>
internal sealed class LinkSession : IAsyncDisposable
{
    private static readonly TimeSpan WelcomeLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(5);

    private readonly AsyncDuplexStreamingCall<WorkerMessage, CoordinatorMessage> _call;
    private readonly Workshop _workshop;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<WorkerMessage> _outbound = Channel.CreateUnbounded<WorkerMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource<Drain> _drain = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _writing = Task.CompletedTask;
    private Task _beating = Task.CompletedTask;

    private LinkSession(AsyncDuplexStreamingCall<WorkerMessage, CoordinatorMessage> call, Workshop workshop, TimeProvider time, ILogger log)
    {
        _call = call;
        _workshop = workshop;
        _time = time;
        _log = log;
    }

    /// <summary>Completes when the stream is over: with an error that trying again cannot mend, or null.</summary>
    public Task<Exception?> Ended { get; private set; } = Task.FromResult<Exception?>(null);

    /// <summary>Completes when the coordinator sends this worker away, or asks it to come back after a while.</summary>
    public Task<Drain> DrainAsked => _drain.Task;

    public string EndReason { get; private set; } = "the stream ended";

    /// <exception cref="UserErrorException">The coordinator refuses this worker.</exception>
    public static async Task<LinkSession> OpenAsync(
        GrpcChannel channel, string? token, Hello hello, Workshop workshop, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        var headers = token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };
        var call = new OuterTraining.OuterTrainingClient(channel).Join(headers, cancellationToken: CancellationToken.None);
        var session = new LinkSession(call, workshop, time, log);
        try
        {
            using var limit = new CancellationTokenSource(WelcomeLimit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            await using (both.Token.Register(call.Dispose))
            {
                await call.RequestStream.WriteAsync(new WorkerMessage { Hello = hello }, both.Token);
                if (!await call.ResponseStream.MoveNext(both.Token)) throw new IOException("the stream ended before a welcome");
            }

            session.Start(call.ResponseStream.Current);
            return session;
        }
        catch (Exception e)
        {
            await session.DisposeAsync();
            cancellation.ThrowIfCancellationRequested();
            if (e is OperationCanceledException or ObjectDisposedException or RpcException { StatusCode: StatusCode.Cancelled }) throw new TimeoutException("no welcome in time", e);
            throw;
        }
    }

    /// <summary>Sends the goodbye and waits, for a while, until the coordinator has taken it.</summary>
    public async Task SayGoodbyeAsync(Goodbye goodbye)
    {
        _outbound.Writer.TryWrite(new WorkerMessage { Goodbye = goodbye });
        _outbound.Writer.TryComplete();
        await Task.WhenAny(Task.WhenAll(_writing, Ended), Task.Delay(GoodbyeLimit, _time));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _outbound.Writer.TryComplete();
        _call.Dispose();
        await Task.WhenAll(Ended, _writing, _beating);
        _end.Dispose();
    }

    private void Start(CoordinatorMessage first)
    {
        if (first.Reject is { } reject) throw new UserErrorException($"The coordinator refuses this worker: {reject.Detail}.");
        if (first.Welcome is not { } welcome) throw new IOException($"the first message was {first.KindCase}, not Welcome");
        _workshop.Welcome(welcome);
        _workshop.Connect(_outbound.Writer);
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
                if (Dispatch(_call.ResponseStream.Current) is { } fatal) return fatal;
            }
        }
        catch (Exception e) when (e is RpcException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            EndReason = LinkErrors.InWords(e);
        }

        _outbound.Writer.TryComplete();
        return null;
    }

    private Exception? Dispatch(CoordinatorMessage message)
    {
        switch (message.KindCase)
        {
            case CoordinatorMessage.KindOneofCase.Assignment: _workshop.Assign(message.Assignment); break;
            case CoordinatorMessage.KindOneofCase.Theta: _workshop.TakeTheta(ThetaWire.FromProto(message.Theta)); break;
            case CoordinatorMessage.KindOneofCase.Ack: _workshop.Acknowledge(message.Ack); break;
            case CoordinatorMessage.KindOneofCase.Revoke: _workshop.Revoke(message.Revoke.ProblemId); break;
            case CoordinatorMessage.KindOneofCase.SetPaused: _workshop.SetPaused(message.SetPaused.Paused); break;
            case CoordinatorMessage.KindOneofCase.Drain: _drain.TrySetResult(message.Drain); break;
            case CoordinatorMessage.KindOneofCase.Reject when message.Reject.Fatal:
                return new UserErrorException($"The coordinator refuses this worker: {message.Reject.Detail}.");
            case CoordinatorMessage.KindOneofCase.Reject:
                LinkLog.Refused(_log, message.Reject.ProblemId >= 0 ? $"a sample of problem {message.Reject.ProblemId}" : "a message", message.Reject.Detail);
                if (message.Reject.ProblemId >= 0) _workshop.Revoke(message.Reject.ProblemId);
                break;
            default:
                // A newer coordinator may say more than this worker understands.
                break;
        }

        return null;
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var message in _outbound.Reader.ReadAllAsync(_end.Token)) await _call.RequestStream.WriteAsync(message, _end.Token);
            await _call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or IOException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // The reader sees the same end, and says so.
        }
    }

    private async Task BeatAsync(TimeSpan interval)
    {
        try
        {
            using var timer = new PeriodicTimer(interval, _time);
            long steps = _workshop.InnerSteps, at = _time.GetTimestamp();
            do
            {
                long now = _workshop.InnerSteps, time = _time.GetTimestamp();
                double seconds = _time.GetElapsedTime(at, time).TotalSeconds;
                _outbound.Writer.TryWrite(new WorkerMessage { Heartbeat = _workshop.Heartbeat(seconds > 0 ? (now - steps) / seconds : 0) });
                (steps, at) = (now, time);
            }
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }
}
