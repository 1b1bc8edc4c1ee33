using System.Diagnostics;
using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Engine.Sampling;
using LoptCluster.Engine.Verification;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.LoadTool;

/// <summary>A worker that takes no time for its samples: each slot sends the next one when the last one is acknowledged.</summary>
internal sealed class LoadStream(GrpcChannel channel, int number, LoadOptions options, LoadFigures figures) : IAsyncDisposable
{
    private static readonly WriteOptions MoreFollows = new(WriteFlags.BufferHint);

    private readonly Channel<byte[]> _outbound =
        Channel.CreateUnbounded<byte[]>(new() { SingleReader = true });

    private readonly Dictionary<long, LoadProblem> _problems = [];
    private readonly List<LoadProblem> _waiting = [];
    private readonly TaskCompletionSource<Welcome> _welcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private readonly Random _random = new(number);
    private AsyncDuplexStreamingCall<byte[], Arrival>? _call;
    private TruncationLengths? _lengths;
    private SamplePlan _plan = SamplePlan.All;
    private byte[] _tail = [];
    private long _version;
    private bool _isSynchronous;
    private Task _work = Task.CompletedTask;

    /// <summary>Joins, and begins with the first problem that comes.</summary>
    public async Task JoinAsync(CancellationToken cancellation)
    {
        string id = $"load-{number}";
        var hello = new Hello
        {
            WorkerId = id,
            Host = "load",
            Slots = options.Slots,
            EngineVersion = EngineVersion.Current,
            Instance = id,
            SelfCheck = SelfCheck.Value,
        };
        var call = _call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(LoadMessages.Join, null, new CallOptions());
        await call.RequestStream.WriteAsync(LoadMessages.Of(new WorkerMessage { Hello = hello }), cancellation);
        var reading = ReadAsync(call.ResponseStream);
        var welcome = await _welcome.Task.WaitAsync(cancellation);
        _work = Task.WhenAll(reading, WriteAsync(call.RequestStream), BeatAsync(TimeSpan.FromSeconds(welcome.HeartbeatSeconds)));
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _outbound.Writer.TryComplete();
        _call?.Dispose();
        await _work;
        _over.Dispose();
    }

    private async Task ReadAsync(IAsyncStreamReader<Arrival> down)
    {
        try
        {
            while (await down.MoveNext(CancellationToken.None)) Take(down.Current);
            Lose("a stream ended");
        }
        catch (RpcException e)
        {
            Lose($"a stream ended: {e.Status}");
        }
        catch (ObjectDisposedException)
        {
            // The measurement was over between two messages.
        }
    }

    private void Lose(string why)
    {
        _welcome.TrySetException(new IOException(why));
        if (!_over.IsCancellationRequested) figures.NoteLost(why);
        _outbound.Writer.TryComplete();
    }

    private void Take(Arrival arrival)
    {
        if (arrival.Message is not { } message)
        {
            if (arrival.ThetaVersion <= _version) return;
            figures.NoteTheta(_version, arrival.ThetaVersion);
            _version = arrival.ThetaVersion;
            foreach (var waiting in _waiting.Where(p => p.NotBeforeVersion <= _version).ToList())
            {
                _waiting.Remove(waiting);
                Send(waiting);
            }

            return;
        }

        switch (message.KindCase)
        {
            case CoordinatorMessage.KindOneofCase.Welcome: Take(message.Welcome); break;
            case CoordinatorMessage.KindOneofCase.Assignment when message.Assignment.Problem is { } problem:
                Send(_problems[problem.ProblemId] = new LoadProblem(problem));
                break;
            case CoordinatorMessage.KindOneofCase.Ack: Take(message.Ack); break;
            case CoordinatorMessage.KindOneofCase.Reject:
                figures.NoteOther(message.Reject.Detail);
                _problems.Remove(message.Reject.ProblemId);
                break;
            case CoordinatorMessage.KindOneofCase.Revoke:
                _problems.Remove(message.Revoke.ProblemId);
                _waiting.RemoveAll(p => p.Id == message.Revoke.ProblemId);
                break;
        }
    }

    private void Take(Welcome welcome)
    {
        var specification = SpecificationJson.Deserialize(welcome.SpecificationJson);
        _lengths = new TruncationLengths(specification);
        _isSynchronous = specification.Mode == RunMode.Synchronous;
        _plan = ThetaWire.FromProto(welcome.Theta).Plan;
        _tail = LoadMessages.SampleTail(welcome);
        _version = welcome.Theta.Version;
        _welcome.TrySetResult(welcome);
    }

    private void Take(Ack ack)
    {
        if (!_problems.TryGetValue(ack.ProblemId, out var problem)) return;
        if (ack.Outcome == SampleOutcome.Accepted) figures.NoteAccepted(problem.Sent);
        else figures.NoteOther($"acknowledged as {ack.Outcome}");
        if (!problem.Advance()) _problems.Remove(problem.Id);
        else if (options.Think == TimeSpan.Zero) Send(problem);
        else _ = SendLaterAsync(problem);
    }

    /// <summary>After a time between none and twice the average, so that the streams do not beat together.</summary>
    private async Task SendLaterAsync(LoadProblem problem)
    {
        var wait = 2 * _random.NextDouble() * options.Think;
        await Task.Delay(wait, _over.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        if (!_over.IsCancellationRequested) Send(problem);
    }

    private void Send(LoadProblem problem)
    {
        if (problem.NotBeforeVersion > _version)
        {
            _waiting.Add(problem);
            return;
        }

        // A lane of a synchronous run has one sample at each θ.
        if (_isSynchronous) problem.NotBeforeVersion = _version + 1;
        problem.Steps = _lengths!.Of(problem.Next, _version, _plan, problem.StepsLeft);
        problem.Sent = Stopwatch.GetTimestamp();
        _outbound.Writer.TryWrite(LoadMessages.Of(problem, _version, _tail));
    }

    private async Task WriteAsync(IClientStreamWriter<byte[]> up)
    {
        try
        {
            while (await _outbound.Reader.WaitToReadAsync())
            {
                while (_outbound.Reader.TryRead(out var message))
                {
                    up.WriteOptions = _outbound.Reader.TryPeek(out _) ? MoreFollows : null;
                    await up.WriteAsync(message);
                }
            }
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            // The reading side says why.
        }
    }

    private async Task BeatAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            await Task.Delay(_random.NextDouble() * interval, _over.Token);
            while (await timer.WaitForNextTickAsync(_over.Token))
            {
                var beat = new Heartbeat { InnerStepsPerSecond = 1, Slots = { new SlotStatus { Activity = "unrolling" } } };
                _outbound.Writer.TryWrite(LoadMessages.Of(new WorkerMessage { Heartbeat = beat }));
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
