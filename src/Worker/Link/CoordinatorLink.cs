using Grpc.Core;
using LoptCluster.Shared;
using LoptCluster.Worker.Reports;
using LoptCluster.Worker.Telemetry;
using LoptCluster.Worker.Unrolling;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace LoptCluster.Worker.Link;

/// <summary>Keeps this worker connected: connects and reconnects, without limit, until the worker is dismissed or stopped.</summary>
internal sealed class CoordinatorLink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Less than a coordinator's grace period (10 s by default): a restarted one is found in time to continue with the states kept here.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    /// <summary>A connection that ends sooner counts as a failure to connect: the next attempt waits for this time.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(1);

    private readonly LinkOptions _options;
    private readonly UnrollPool _pool;
    private readonly WorkerMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly LinkChannel _channel;
    private readonly ResiliencePipeline<LinkSession> _retry;

    public CoordinatorLink(LinkOptions options, UnrollPool pool, WorkerMetrics metrics, TimeProvider time, ILogger<CoordinatorLink> log)
    {
        _options = options;
        _pool = pool;
        _metrics = metrics;
        _time = time;
        _log = log;
        _channel = new LinkChannel(options);
        _retry = new ResiliencePipelineBuilder<LinkSession> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<LinkSession>
            {
                ShouldHandle = new PredicateBuilder<LinkSession>()
                    .Handle<RpcException>()
                    .Handle<IOException>()
                    .Handle<HttpRequestException>()
                    .Handle<TimeoutException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = LongestWait,
                OnRetry = retry =>
                {
                    string reason = LinkErrors.Describe(retry.Outcome.Exception!);
                    LinkLog.NotConnected(_log, options.Coordinator, reason, retry.AttemptNumber + 1, retry.RetryDelay.TotalSeconds);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Serves the coordinator until the goodbye.</summary>
    /// <returns>True if the coordinator stops only for a while: join it again with a new link.</returns>
    /// <exception cref="UserErrorException">A retry cannot help: the coordinator refuses this worker, or a slot cannot run.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        using var connecting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var stopped = cancellation.Register(connecting.Cancel);
        _ = _pool.Failed.ContinueWith(
            _ => connecting.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        while (true)
        {
            try
            {
                await using var session = await _retry.ExecuteAsync(async token => await ConnectAsync(token), connecting.Token);
                long start = _time.GetTimestamp();
                if (await ServeAsync(session, cancellation) is { } farewell) return farewell.ComeBack;
                if (_time.GetElapsedTime(start) < ShortLife) await Task.Delay(ShortLife, _time, connecting.Token);
            }
            catch (OperationCanceledException) when (connecting.IsCancellationRequested)
            {
                // Not connected: the states cannot be handed back; the coordinator has them recomputed.
                if (_pool.Failed.IsCompleted) throw await FailureAsync();
                return false;
            }
        }
    }

    private async Task<LinkSession> ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            var session = await LinkSession.OpenAsync(_channel, _options, _pool, _time, _log, cancellation);
            _metrics.OnConnected();
            LinkLog.Joined(_log, _pool.RunId, _options.Coordinator, _options.WorkerId, _options.Slots);
            return session;
        }
        catch (RpcException e) when (LinkErrors.IsFatal(e))
        {
            throw LinkErrors.Fatal(e, _options.Coordinator);
        }
    }

    /// <returns>The farewell after which this worker left; null: the connection broke.</returns>
    private async Task<Farewell?> ServeAsync(LinkSession session, CancellationToken cancellation)
    {
        var stopped = new TaskCompletionSource<Farewell>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(() => stopped.TrySetResult(new Farewell("stopped", ComeBack: false)));
        var ended = await Task.WhenAny(session.Ended, session.Dismissed, stopped.Task, _pool.Failed);
        _metrics.OnDisconnected();
        if (ended == _pool.Failed)
        {
            var failure = await FailureAsync();
            string reason = failure is UserErrorException ? failure.Message : $"{failure.Message} {failure.InnerException?.Message}";
            await session.SendGoodbyeAsync(new OutboundMessage.Goodbye(reason, [], Failed: true));
            throw failure;
        }

        if (ended == session.Ended)
        {
            if (await session.Ended is { } fatal) throw fatal;
            LinkLog.Broke(_log, session.EndReason, _pool.Positions.Count);
            return null;
        }

        var farewell = ended == stopped.Task ? await stopped.Task : await session.Dismissed;
        await _pool.CloseAsync(Patience);
        await _pool.FlushAsync(FlushLimit, session.Ended);
        var unfinished = _pool.HandBack();
        LinkLog.Leaving(_log, farewell.Reason, unfinished.Count);
        await session.SendGoodbyeAsync(new OutboundMessage.Goodbye(farewell.Reason, unfinished));
        return farewell;
    }

    private async Task<Exception> FailureAsync() => await _pool.Failed switch
    {
        UserErrorException e => e,
        var e => new InvalidOperationException("A slot failed.", e),
    };
}
