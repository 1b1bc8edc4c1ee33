using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.ClusterTestKit;

/// <summary>One stream of a worker, from the coordinator's side.</summary>
public sealed class WorkerConnection
{
    private readonly Channel<CoordinatorMessage> _down = Channel.CreateUnbounded<CoordinatorMessage>();
    private readonly Channel<WorkerMessage> _up = Channel.CreateUnbounded<WorkerMessage>();
    private readonly Channel<Heartbeat> _heartbeats = Channel.CreateUnbounded<Heartbeat>();
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<ByteString> _state = [];
    private long _barriers = 1_000_000;

    internal WorkerConnection(Hello hello, string? authorization)
    {
        Hello = hello;
        Authorization = authorization;
    }

    public Hello Hello { get; }

    /// <summary>States that the worker has handed back so far.</summary>
    public List<ByteString> HandedBack { get; } = [];

    /// <summary>The assignment that the last state names.</summary>
    public long HandedBackAssignment { get; private set; }

    public string? Authorization { get; }

    /// <summary>Its goodbye; null: none came yet.</summary>
    public Goodbye? Goodbye { get; private set; }

    internal async Task RunAsync(
        IAsyncStreamReader<WorkerMessage> up, IServerStreamWriter<CoordinatorMessage> down, ServerCallContext context)
    {
        var reading = ReadAsync(up, context.CancellationToken);
        var writing = WriteAsync(down, context.CancellationToken);
        await Task.WhenAny(_broken.Task, Task.WhenAll(reading, writing));
        if (_broken.Task.IsCompleted) context.GetHttpContext().Abort();
        _down.Writer.TryComplete();
        await Task.WhenAll(reading, writing);
    }

    public void Send(CoordinatorMessage message) => _down.Writer.TryWrite(message);

    /// <summary>Cuts the stream as a network would.</summary>
    public void Break() => _broken.TrySetResult();

    /// <summary>Ends the stream without an error.</summary>
    public void Complete() => _down.Writer.TryComplete();

    public void Welcome(RunSpecification specification, PublishedTheta theta) => Send(new CoordinatorMessage
    {
        Welcome = new Welcome
        {
            RunId = "run",
            SpecificationJson = SpecificationJson.Serialize(specification),
            SpecificationHash = SpecificationJson.Hash(specification),
            ThetaLength = theta.Theta.Length,
            Theta = ThetaWire.ToProto(theta),
            HeartbeatSeconds = 1,
        },
    });

    public void Theta(PublishedTheta theta) => Send(new CoordinatorMessage { Theta = ThetaWire.ToProto(theta) });

    /// <summary>Assigns a problem; without an origin it begins at t = 0.</summary>
    public void Assign(InnerProblem problem)
    {
        if (problem.OriginCase == InnerProblem.OriginOneofCase.None) problem.FromStart = new FromStart();
        Send(new CoordinatorMessage { Assignment = new Assignment { Problem = problem } });
    }

    public void Assign(params IEnumerable<long> problems)
    {
        foreach (long id in problems) Assign(new InnerProblem { ProblemId = id });
    }

    public void Evaluate(Protocol.V1.Evaluation evaluation) =>
        Send(new CoordinatorMessage { Assignment = new Assignment { Evaluation = evaluation } });

    public void Compare(ComparisonPart part) =>
        Send(new CoordinatorMessage { Assignment = new Assignment { ComparisonPart = part } });

    public void Acknowledge(Sample sample, SampleOutcome outcome = SampleOutcome.Accepted) => Send(new CoordinatorMessage
    {
        Ack = new Ack { ProblemId = sample.ProblemId, Truncation = sample.Truncation, Outcome = outcome },
    });

    public void Pause(bool paused) => Send(new CoordinatorMessage { SetPaused = new SetPaused { Paused = paused } });

    public void Drain(bool comeBack = false) =>
        Send(new CoordinatorMessage { Drain = new Drain { Reason = "script", ComeBack = comeBack } });

    public async Task<Sample> SampleAsync()
    {
        var message = await NextAsync();
        return message.Sample ?? throw new InvalidOperationException($"A message '{message.KindCase}' came instead of a sample.");
    }

    /// <summary>The next sample, acknowledged at once.</summary>
    public async Task<Sample> AcceptAsync()
    {
        var sample = await SampleAsync();
        Acknowledge(sample);
        return sample;
    }

    public async Task<List<Sample>> AcceptAsync(int count)
    {
        var samples = new List<Sample>();
        while (samples.Count < count) samples.Add(await AcceptAsync());
        return samples;
    }

    /// <summary>
    /// Waits until a one-slot worker has handled every message so far and its slot is free. Returns the samples that came until then.
    /// </summary>
    /// <remarks>
    /// Evaluations go before problems, and the stream keeps the order; a free slot that may sample does so before it sees the next
    /// evaluation.
    /// </remarks>
    public async Task<List<Sample>> BarrierAsync()
    {
        var samples = new List<Sample>();
        long id = ++_barriers;
        Evaluate(new Protocol.V1.Evaluation
        {
            EvaluationId = id,
            Split = EvaluationSplit.OuterTrain,
            Tasks = 1,
            Theta = ThetaWire.ToProto(SmallRun.Theta(0)),
        });
        while (true)
        {
            var message = await NextAsync();
            if (message.Evaluation?.EvaluationId == id) return samples;
            samples.Add(message.Sample);
        }
    }

    /// <summary>Asserts that nothing is sampled although a slot is free.</summary>
    public async Task AssertIdleAsync()
    {
        await BarrierAsync();
        Assert.Empty(await BarrierAsync());
    }

    public async Task<EvaluationResult> EvaluationAsync()
    {
        while (true)
        {
            if ((await NextAsync()).Evaluation is { } result) return result;
        }
    }

    /// <summary>Waits for a heartbeat in which a slot does this.</summary>
    public async Task ActivityAsync(string activity)
    {
        while ((await HeartbeatAsync()).Slots.All(slot => slot.Activity != activity)) await Task.Yield();
    }

    /// <summary>The goodbye; samples that come before it are acknowledged.</summary>
    /// <returns>The states that it has handed back before.</returns>
    public async Task<IReadOnlyList<ByteString>> GoodbyeAsync()
    {
        while (true)
        {
            var message = await NextAsync();
            if (message.Sample is { } sample) Acknowledge(sample);
            if (message.Goodbye is not { } goodbye) continue;
            Goodbye = goodbye;
            Complete();
            return HandedBack;
        }
    }

    public async Task<Heartbeat> HeartbeatAsync() => await _heartbeats.Reader.ReadAsync().AsTask().WaitAsync(ScriptedCoordinator.Patience);

    /// <summary>The next message other than a heartbeat.</summary>
    public async Task<WorkerMessage> NextAsync() => await _up.Reader.ReadAsync().AsTask().WaitAsync(ScriptedCoordinator.Patience);

    private async Task ReadAsync(IAsyncStreamReader<WorkerMessage> up, CancellationToken cancellation)
    {
        try
        {
            while (await up.MoveNext(cancellation))
            {
                if (up.Current.Heartbeat is { } heartbeat) _heartbeats.Writer.TryWrite(heartbeat);
                else if (up.Current.StateChunk is { } chunk) Take(chunk);
                else _up.Writer.TryWrite(up.Current);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Broken by the script or by the worker.
        }

        _up.Writer.TryComplete();
    }

    private void Take(StateChunk chunk)
    {
        _state.Add(chunk.Data);
        if (!chunk.Last) return;
        HandedBack.Add(ByteString.CopyFrom([.. _state.SelectMany(part => part)]));
        HandedBackAssignment = chunk.AssignmentId;
        _state.Clear();
    }

    private async Task WriteAsync(IServerStreamWriter<CoordinatorMessage> down, CancellationToken cancellation)
    {
        try
        {
            await foreach (var message in _down.Reader.ReadAllAsync(cancellation)) await down.WriteAsync(message, cancellation);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Broken by the script or by the worker.
        }
    }
}
