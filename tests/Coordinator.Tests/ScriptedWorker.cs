using Grpc.Core;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;

namespace LoptCluster.Coordinator.Tests;

/// <summary>A worker whose every word is the test's. It keeps what it is told until somebody expects it.</summary>
internal sealed class ScriptedWorker : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly AsyncDuplexStreamingCall<WorkerMessage, CoordinatorMessage> _call;
    private readonly Lock _gate = new();
    private readonly List<CoordinatorMessage> _untaken = [];
    private readonly Task<RpcException?> _reading;
    private TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedWorker(AsyncDuplexStreamingCall<WorkerMessage, CoordinatorMessage> call)
    {
        _call = call;
        _reading = ReadAsync();
    }

    public Welcome Welcome { get; private set; } = new();

    /// <summary>Newest θ version that it was told of.</summary>
    public long ThetaVersion { get; private set; }

    /// <summary>Says Hello; the answer is yet to be expected.</summary>
    public static async Task<ScriptedWorker> HelloAsync(RunningCoordinator coordinator, Action<Hello>? with = null, string? token = null)
    {
        var hello = new Hello { WorkerId = "worker", Host = "host", Slots = 1, EngineVersion = EngineVersion.Current };
        with?.Invoke(hello);
        var headers = token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };
        var worker = new ScriptedWorker(new Protocol.V1.OuterTraining.OuterTrainingClient(coordinator.Channel).Join(headers));
        await worker._call.RequestStream.WriteAsync(new WorkerMessage { Hello = hello });
        return worker;
    }

    /// <summary>Says Hello and is welcomed.</summary>
    public static async Task<ScriptedWorker> JoinAsync(RunningCoordinator coordinator, Action<Hello>? with = null, string? token = null)
    {
        var worker = await HelloAsync(coordinator, with, token);
        worker.Welcome = await worker.ExpectAsync(m => m.Welcome);
        return worker;
    }

    public Task SendAsync(Sample sample) => SendAsync(new WorkerMessage { Sample = sample });

    public Task SendAsync(WorkerMessage message) => _call.RequestStream.WriteAsync(message);

    /// <summary>Sends a sample and waits until it is acknowledged.</summary>
    public async Task<SampleOutcome> GiveAsync(Sample sample)
    {
        await SendAsync(sample);
        return (await AckOfAsync(sample)).Outcome;
    }

    public Task<Ack> AckOfAsync(Sample sample) =>
        ExpectAsync(m => m.Ack is { } ack && ack.ProblemId == sample.ProblemId && ack.Truncation == sample.Truncation ? ack : null);

    public async Task<ScriptedProblem> ProblemAsync(long? id = null) =>
        new(await ExpectAsync(m => m.Assignment?.Problem is { } p && (id is null || p.ProblemId == id) ? p : null), Welcome);

    public async Task<ScriptedProblem[]> ProblemsAsync(int count)
    {
        var problems = new ScriptedProblem[count];
        for (int i = 0; i < count; i++) problems[i] = await ProblemAsync();
        return problems;
    }

    /// <summary>The first message that the selection takes; it is taken out, the others are kept.</summary>
    public async Task<T> ExpectAsync<T>(Func<CoordinatorMessage, T?> select, CancellationToken cancellation = default)
        where T : class
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            Task came;
            lock (_gate)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < _untaken.Count; i++)
                {
                    if (select(_untaken[i]) is not { } found) continue;
                    _untaken.RemoveAt(i);
                    return found;
                }

                came = _came.Task;
            }

            if (_reading.IsCompleted) throw new InvalidOperationException($"The stream ended ({(await _reading)?.Status}) before what was expected; untaken: {Untaken()}.");
            try
            {
                await Task.WhenAny(came, _reading).WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"What was expected did not come; untaken: {Untaken()}.");
            }
        }
    }

    /// <summary>Is there such a message among those that came and were not taken?</summary>
    public bool Has(Func<CoordinatorMessage, bool> matches)
    {
        lock (_gate) return _untaken.Exists(m => matches(m));
    }

    /// <summary>Waits until the stream has ended; null: without an error.</summary>
    public Task<RpcException?> EndedAsync() => _reading.WaitAsync(Patience);

    public async Task SayGoodbyeAsync(params InnerStateBlob[] states)
    {
        var goodbye = new Goodbye { Reason = "test" };
        goodbye.States.AddRange(states);
        await SendAsync(new WorkerMessage { Goodbye = goodbye });
        await EndedAsync();
    }

    /// <summary>The connection is gone without a word.</summary>
    public void Break() => _call.Dispose();

    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await _reading;
    }

    private async Task<RpcException?> ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None))
            {
                lock (_gate)
                {
                    _untaken.Add(_call.ResponseStream.Current);
                    if (_call.ResponseStream.Current.Theta is { } theta) ThetaVersion = Math.Max(ThetaVersion, theta.Version);
                    var came = _came;
                    _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    came.SetResult();
                }
            }

            return null;
        }
        catch (RpcException e)
        {
            return e;
        }
    }

    private string Untaken()
    {
        lock (_gate) return string.Join(", ", _untaken.Select(m => m.KindCase));
    }
}
