using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Engine.Verification;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;

namespace LoptCluster.ClusterTestKit;

/// <summary>A worker whose messages the test writes. It keeps each message from the coordinator until the test expects it.</summary>
public sealed class ScriptedWorker : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly AsyncDuplexStreamingCall<WorkerMessage, CoordinatorMessage> _call;
    private readonly Lock _gate = new();
    private readonly List<CoordinatorMessage> _received = [];
    private readonly Task<RpcException?> _reading;
    private TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedWorker(AsyncDuplexStreamingCall<WorkerMessage, CoordinatorMessage> call)
    {
        _call = call;
        _reading = ReadAsync();
    }

    public Welcome Welcome { get; private set; } = new();

    /// <summary>Newest θ version received.</summary>
    public long ThetaVersion { get; private set; }

    /// <inheritdoc cref="HelloAsync(GrpcChannel, Action{Hello}?, string?)"/>
    public static Task<ScriptedWorker> HelloAsync(RunningCoordinator coordinator, Action<Hello>? with = null, string? token = null) =>
        HelloAsync(coordinator.Channel, with, token);

    /// <summary>Sends Hello; the test expects the answer.</summary>
    public static async Task<ScriptedWorker> HelloAsync(GrpcChannel channel, Action<Hello>? with = null, string? token = null)
    {
        var hello = new Hello
        {
            WorkerId = "worker",
            Host = "host",
            Slots = 1,
            EngineVersion = EngineVersion.Current,
            SelfCheck = SelfCheck.Value,
        };
        with?.Invoke(hello);
        var headers = token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };
        var worker = new ScriptedWorker(new Protocol.V1.OuterTraining.OuterTrainingClient(channel).Join(headers));
        await worker._call.RequestStream.WriteAsync(new WorkerMessage { Hello = hello });
        return worker;
    }

    /// <inheritdoc cref="JoinAsync(GrpcChannel, Action{Hello}?, string?)"/>
    public static Task<ScriptedWorker> JoinAsync(RunningCoordinator coordinator, Action<Hello>? with = null, string? token = null) =>
        JoinAsync(coordinator.Channel, with, token);

    /// <summary>Sends Hello and receives Welcome.</summary>
    public static async Task<ScriptedWorker> JoinAsync(GrpcChannel channel, Action<Hello>? with = null, string? token = null)
    {
        var worker = await HelloAsync(channel, with, token);
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

    /// <summary>Waits for a message that <paramref name="select"/> accepts. That message is removed; the others are kept.</summary>
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
                for (int i = 0; i < _received.Count; i++)
                {
                    if (select(_received[i]) is not { } found) continue;
                    _received.RemoveAt(i);
                    return found;
                }

                came = _came.Task;
            }

            if (_reading.IsCompleted)
            {
                var status = (await _reading)?.Status;
                throw new InvalidOperationException($"The stream ended ({status}) before the expected message. Others: {Others()}.");
            }

            try
            {
                await Task.WhenAny(came, _reading).WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The expected message did not come within {Patience}. Others: {Others()}.");
            }
        }
    }

    /// <summary>Whether such a message has come and was not expected yet.</summary>
    public bool Has(Func<CoordinatorMessage, bool> matches)
    {
        lock (_gate) return _received.Exists(m => matches(m));
    }

    /// <summary>Waits for the end of the stream; null if it ended without an error.</summary>
    public Task<RpcException?> EndedAsync() => _reading.WaitAsync(Patience);

    public async Task SayGoodbyeAsync()
    {
        await SendAsync(new WorkerMessage { Goodbye = new Goodbye { Reason = "test" } });
        await EndedAsync();
    }

    /// <summary>Says goodbye, and hands back where a problem stands.</summary>
    public Task HandBackAsync(ScriptedProblem problem) => HandBackAsync(problem, InnerStateCodec.Encode(problem.State));

    /// <param name="problem">The problem that is handed back.</param>
    /// <param name="state">Its state, which need not be readable.</param>
    public async Task HandBackAsync(ScriptedProblem problem, byte[] state)
    {
        // In two parts, as a large one.
        int half = state.Length / 2;
        await SendAsync(new WorkerMessage { StateChunk = new StateChunk { Data = ByteString.CopyFrom(state, 0, half) } });
        var rest = new StateChunk
        {
            Data = ByteString.CopyFrom(state, half, state.Length - half),
            Last = true,
            AssignmentId = problem.Assignment.AssignmentId,
        };
        await SendAsync(new WorkerMessage { StateChunk = rest });
        await SayGoodbyeAsync();
    }

    /// <summary>Drops the connection without a goodbye.</summary>
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
                    _received.Add(_call.ResponseStream.Current);
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
        catch (ObjectDisposedException)
        {
            // The test dropped the connection between two messages.
            return null;
        }
    }

    private string Others()
    {
        lock (_gate) return string.Join(", ", _received.Select(m => m.KindCase));
    }
}
