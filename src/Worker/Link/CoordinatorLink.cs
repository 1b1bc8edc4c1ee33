using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.Worker.Hosting;
using LoptCluster.Worker.Telemetry;
using LoptCluster.Worker.Unrolling;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace LoptCluster.Worker.Link;

/// <summary>Keeps this worker joined: connects, and connects again for ever, until it is sent away or stopped.</summary>
internal sealed class CoordinatorLink : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(5);

    /// <summary>Less than the grace that a coordinator gives (10 s by default): a restarted one is found in time to go on with the states kept here.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    /// <summary>A connection that ends sooner than this counts as a failure to connect, and is followed by a wait.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(1);

    private readonly WorkerOptions _options;
    private readonly Workshop _workshop;
    private readonly WorkerMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly GrpcChannel _channel;
    private readonly ResiliencePipeline<LinkSession> _retry;

    public CoordinatorLink(WorkerOptions options, Workshop workshop, WorkerMetrics metrics, TimeProvider time, ILogger<CoordinatorLink> log)
    {
        _options = options;
        _workshop = workshop;
        _metrics = metrics;
        _time = time;
        _log = log;
        _channel = LinkChannel.Open(options);
        _retry = new ResiliencePipelineBuilder<LinkSession> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<LinkSession>
            {
                ShouldHandle = new PredicateBuilder<LinkSession>().Handle<RpcException>().Handle<IOException>().Handle<HttpRequestException>().Handle<TimeoutException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = LongestWait,
                OnRetry = retry =>
                {
                    LinkLog.NotConnected(_log, options.Coordinator, LinkErrors.InWords(retry.Outcome.Exception!), retry.AttemptNumber + 1, retry.RetryDelay.TotalSeconds);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Returns after a goodbye. What cannot be mended by trying again is thrown.</summary>
    /// <returns>The coordinator stops for a while: a new link should look for it.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        using var connecting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var stopped = cancellation.Register(connecting.Cancel);
        _ = _workshop.Failed.ContinueWith(_ => connecting.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
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
                // Not joined: there is nobody to hand states to; the coordinator recomputes them.
                if (_workshop.Failed.IsCompleted) throw await FailureAsync();
                return false;
            }
        }
    }

    public void Dispose() => _channel.Dispose();

    private async Task<LinkSession> ConnectAsync(CancellationToken cancellation)
    {
        var hello = new Hello
        {
            WorkerId = _options.WorkerId,
            Host = Environment.MachineName,
            Slots = _options.Slots,
            EngineVersion = EngineVersion.Current,
            RunId = _workshop.RunId,
            DatasetFingerprint = _workshop.DatasetFingerprint,
            LayoutFingerprint = _workshop.LayoutFingerprint,
        };
        hello.Held.AddRange(_workshop.Held());
        try
        {
            var session = await LinkSession.OpenAsync(_channel, _options.Token, hello, _workshop, _time, _log, cancellation);
            _metrics.Connected();
            LinkLog.Joined(_log, _workshop.RunId, _options.Coordinator, _options.WorkerId, _options.Slots);
            return session;
        }
        catch (RpcException e) when (LinkErrors.IsFatal(e))
        {
            throw LinkErrors.Fatal(e, _options.Coordinator);
        }
    }

    /// <returns>How this worker has said goodbye; null: the connection broke.</returns>
    private async Task<Drain?> ServeAsync(LinkSession session, CancellationToken cancellation)
    {
        var stopped = new TaskCompletionSource<Drain>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(() => stopped.TrySetResult(new Drain { Reason = "stopped" }));
        var ended = await Task.WhenAny(session.Ended, session.DrainAsked, stopped.Task, _workshop.Failed);
        _metrics.Disconnected();
        if (ended == _workshop.Failed)
        {
            await session.SayGoodbyeAsync(new Goodbye { Reason = "failed" });
            throw await FailureAsync();
        }

        if (ended == session.Ended)
        {
            if (await session.Ended is { } fatal) throw fatal;
            LinkLog.Broke(_log, session.EndReason, _workshop.Held().Count);
            return null;
        }

        var farewell = ended == stopped.Task ? await stopped.Task : await session.DrainAsked;
        await _workshop.CloseAsync(Patience);
        await _workshop.FlushAsync(FlushLimit, session.Ended);
        var goodbye = _workshop.Goodbye(farewell.Reason);
        LinkLog.Leaving(_log, farewell.Reason, goodbye.States.Count);
        await session.SayGoodbyeAsync(goodbye);
        return farewell;
    }

    private async Task<Exception> FailureAsync() => await _workshop.Failed switch
    {
        UserErrorException e => e,
        var e => new InvalidOperationException("A slot failed.", e),
    };
}
