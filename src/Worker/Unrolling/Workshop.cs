using System.Threading.Channels;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.Worker.Hosting;
using LoptCluster.Worker.Telemetry;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Everything between the link and the slots: problems, θ, evaluations, and the samples that are not acknowledged yet.</summary>
/// <remarks>
/// Thread-safe: one lock, held for moments; slots wait on it. It outlives connections: after a reconnect unacknowledged samples go up again, in order.
/// At most 4 samples a slot plus one a problem wait for an acknowledgement; then slots wait.
/// Parts: this file (the link's side), Workshop.Slots.cs (the slots' side).
/// </remarks>
internal sealed partial class Workshop : IDisposable
{
    private static readonly TimeSpan LongestJoin = TimeSpan.FromSeconds(2);

    private readonly int _slots;
    private readonly string? _dataDirectory;
    private readonly IInnerProblemSource _problems;
    private readonly WorkerMetrics _metrics;
    private readonly UnrollTraces _traces;
    private readonly TimeProvider _time;
    private readonly ILogger<Workshop> _log;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Dictionary<long, HeldProblem> _held = [];
    private readonly LinkedList<HeldProblem> _ready = [];
    private readonly Queue<Evaluation> _evaluations = [];
    private readonly LinkedList<SentSample> _unacknowledged = [];
    private readonly CancellationTokenSource _abandon = new();
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChannelWriter<WorkerMessage>? _outbound;
    private RunSpecification? _specification;
    private string _specificationHash = "";
    private ThetaSnapshot? _theta;
    private bool _paused;
    private bool _closing;

    public Workshop(WorkerOptions options, WorkerMetrics metrics, UnrollTraces traces, TimeProvider time, ILogger<Workshop> log)
    {
        _slots = options.Slots;
        _dataDirectory = options.DataDirectory;
        _problems = options.InnerProblems;
        _metrics = metrics;
        _traces = traces;
        _time = time;
        _log = log;
        _activities = new SlotStatus?[_slots];
        metrics.Watch(Activities, () => HeldCount);
    }

    /// <summary>Completes with the reason when this worker cannot go on.</summary>
    public Task<Exception> Failed => _failed.Task;

    public string RunId { get; private set; } = "";

    public string DatasetFingerprint { get; private set; } = "";

    /// <summary>Of the inner-problem's parameters.</summary>
    public string LayoutFingerprint { get; private set; } = "";

    /// <summary>Problems that it unrolls.</summary>
    public int HeldCount
    {
        get
        {
            lock (_gate) return _held.Count;
        }
    }

    /// <summary>Takes the run over from the coordinator; at the first time opens the dataset and starts the slots.</summary>
    public void Welcome(Welcome welcome)
    {
        lock (_gate)
        {
            _paused = false;
            // The coordinator gives evaluations that were under way at a break out again.
            _evaluations.Clear();
            TakeTheta(ThetaWire.FromProto(welcome.Theta));
            if (_specification is not null) return;
            _specification = SpecificationJson.Deserialize(welcome.SpecificationJson);
            _specificationHash = welcome.SpecificationHash;
            RunId = welcome.RunId;
        }

        StartSlots();
    }

    /// <summary>Everything that is to go up from now on goes to <paramref name="outbound"/>; first the samples that were not acknowledged.</summary>
    public void Connect(ChannelWriter<WorkerMessage> outbound)
    {
        lock (_gate)
        {
            _outbound = outbound;
            foreach (var sent in _unacknowledged) outbound.TryWrite(new WorkerMessage { Sample = sent.Message });
        }
    }

    /// <summary>What a Hello after a reconnect says: open problems, and ended ones whose last sample is not acknowledged yet.</summary>
    public IReadOnlyList<Protocol.V1.HeldProblem> Held()
    {
        lock (_gate)
        {
            var open = _held.Values.Select(p => new Protocol.V1.HeldProblem { ProblemId = p.Id, NextTruncation = p.NextTruncation, InnerStep = p.InnerStep });
            var ended = _unacknowledged
                .Select(s => s.Message)
                .Where(s => s.ProblemFinished)
                .Select(s => new Protocol.V1.HeldProblem { ProblemId = s.ProblemId, NextTruncation = s.Truncation + 1, InnerStep = s.StartStep + s.Steps });
            return [.. open, .. ended];
        }
    }

    public void Assign(Assignment assignment)
    {
        lock (_gate)
        {
            if (assignment.Evaluation is { } evaluation)
            {
                _evaluations.Enqueue(evaluation);
            }
            else if (assignment.Problem is { } problem)
            {
                Drop(problem.ProblemId);
                var held = new HeldProblem(problem);
                _held[problem.ProblemId] = held;
                _ready.AddLast(held);
            }
        }

        Wake();
    }

    public void TakeTheta(ThetaSnapshot theta)
    {
        lock (_gate)
        {
            if (_theta is null || theta.Version > _theta.Version) _theta = theta;
        }

        Wake();
    }

    public void SetPaused(bool paused)
    {
        lock (_gate) _paused = paused;
        Wake();
    }

    public void Acknowledge(Ack ack)
    {
        lock (_gate)
        {
            RemoveUnacknowledged(s => s.ProblemId == ack.ProblemId && s.Truncation == ack.Truncation, ack.Outcome.ToString());
            if (ack.Outcome == SampleOutcome.Superseded) Drop(ack.ProblemId);
        }

        Wake();
    }

    /// <summary>The coordinator gives the problem to another, or refused a sample of it.</summary>
    public void Revoke(long problemId)
    {
        lock (_gate) Drop(problemId);
        Wake();
    }

    public Heartbeat Heartbeat(double innerStepsPerSecond)
    {
        var heartbeat = new Heartbeat
        {
            InnerStepsPerSecond = innerStepsPerSecond,
            ResidentBytes = Environment.WorkingSet,
            DatasetFingerprint = DatasetFingerprint,
            LayoutFingerprint = LayoutFingerprint,
        };
        for (int i = 0; i < _slots; i++) heartbeat.Slots.Add(_activities[i] ?? new SlotStatus { Slot = i, Activity = WorkerActivities.Waiting, ProblemId = -1 });
        return heartbeat;
    }

    /// <summary>Slots by what they do, every word among them.</summary>
    private IReadOnlyDictionary<string, int> Activities()
    {
        var counts = _activities.CountBy(a => a?.Activity ?? WorkerActivities.Waiting).ToDictionary();
        return WorkerActivities.All.Where(a => a != WorkerActivities.Joining).ToDictionary(a => a, a => counts.GetValueOrDefault(a));
    }

    /// <summary>No new work; running truncations may end within <paramref name="patience"/>, then they are given up.</summary>
    /// <remarks>A slot looks every inner-step whether it is to give up; only one that still reads a dataset's files may outlast this, and it holds no state.</remarks>
    public async Task CloseAsync(TimeSpan patience)
    {
        lock (_gate) _closing = true;
        Wake();
        var idle = Task.WhenAll(_slotEnds.Select(e => e.Task));
        await Task.WhenAny(idle, Task.Delay(patience, _time));
        await _abandon.CancelAsync();
        await Task.WhenAny(idle, Task.Delay(patience, _time));
    }

    /// <summary>Returns when every sample is acknowledged, or the time or the connection is over.</summary>
    public async Task FlushAsync(TimeSpan limit, Task connection)
    {
        long start = _time.GetTimestamp();
        while (_time.GetElapsedTime(start) < limit && !connection.IsCompleted)
        {
            lock (_gate)
            {
                if (_unacknowledged.Count == 0) return;
            }

            await _changed.WaitAsync(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>States of the half-done problems, for another worker to go on from. Only after <see cref="CloseAsync"/>.</summary>
    public Goodbye Goodbye(string reason)
    {
        var goodbye = new Goodbye { Reason = reason };
        lock (_gate)
        {
            foreach (var problem in _held.Values.Where(p => !p.Running))
            {
                if (problem.State is { } state)
                {
                    goodbye.States.Add(new InnerStateBlob
                    {
                        ProblemId = problem.Id,
                        NextTruncation = state.NextTruncation,
                        InnerStep = state.InnerStep,
                        W = FloatBytes.Pack(state.W),
                        M = FloatBytes.Pack(state.M),
                    });
                }
                else if (problem.Assignment.State is { } blob)
                {
                    goodbye.States.Add(blob);
                }
            }
        }

        return goodbye;
    }

    public void Dispose()
    {
        _abandon.Cancel();
        lock (_gate) _closing = true;
        Wake();
        foreach (var thread in _threads) thread.Join(LongestJoin);
        _abandon.Dispose();
        _changed.Dispose();
    }

    private void Drop(long problemId)
    {
        if (_held.Remove(problemId, out var problem))
        {
            problem.Revoked = true;
            _ready.Remove(problem);
        }

        RemoveUnacknowledged(s => s.ProblemId == problemId, "dropped");
    }

    private void RemoveUnacknowledged(Func<Sample, bool> matches, string outcome)
    {
        for (var node = _unacknowledged.First; node is not null;)
        {
            var next = node.Next;
            if (matches(node.Value.Message))
            {
                UnrollTraces.End(node.Value.Trace, outcome);
                _unacknowledged.Remove(node);
            }

            node = next;
        }
    }

    private void Send(WorkerMessage message) => _outbound?.TryWrite(message);
}
