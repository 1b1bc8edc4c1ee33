using System.Threading.Channels;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Run;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Reports;
using LoptCluster.Worker.Telemetry;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Worker.Unrolling;

/// <summary>The slots of a worker and the work between them and the link.</summary>
/// <remarks>
/// Thread-safe. It outlives connections: after a reconnect unacknowledged samples are sent again and problems continue where they were.
/// What link and slots share is in <see cref="UnrollPoolState"/>, under one lock that is held for moments.
/// </remarks>
internal sealed class UnrollPool : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly PoolOptions _options;
    private readonly WorkerMetrics _metrics;
    private readonly UnrollTraces _traces;
    private readonly TimeProvider _time;
    private readonly ILogger<UnrollPool> _log;
    private readonly Guarded<UnrollPoolState> _state;
    private readonly SlotBoard _board;
    private readonly CancellationTokenSource _abandon = new();
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<SlotThread> _slots = [];

    public UnrollPool(PoolOptions options, WorkerMetrics metrics, UnrollTraces traces, TimeProvider time, ILogger<UnrollPool> log)
    {
        _options = options;
        _metrics = metrics;
        _traces = traces;
        _time = time;
        _log = log;
        _state = new(new UnrollPoolState(options.Slots));
        _board = new SlotBoard(options.Slots);
        metrics.ObserveSlots(() => _board.Counts, () => _board.InnerSteps, () => _state.Read(s => s.Problems.Count));
    }

    /// <summary>Completes with the reason when a slot has failed, which ends the worker.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>Empty before the first welcome.</summary>
    public string RunId => _state.Read(s => s.Run?.Id ?? "");

    public Fingerprints Fingerprints => _state.Read(s => s.Fingerprints);

    /// <summary>Open problems, and finished ones whose last sample is not acknowledged yet.</summary>
    public IReadOnlyList<ProblemPosition> Positions => _state.Read(s => s.Positions);

    public StatusReport Status => new(Fingerprints, _board.InnerSteps, Environment.WorkingSet, _board.Activities);

    /// <summary>Begins a connection to the run. The first call starts the slots; the run of later ones is the same.</summary>
    public void Join(JoinedRun run, PublishedTheta theta)
    {
        bool first = _state.Change(s =>
        {
            s.Problems.Paused = false;
            s.Evaluations.Clear();
            s.Audits.Clear();
            s.Problems.UpdateTheta(theta);
            if (s.Run is not null) return false;
            s.Run = run;
            return true;
        });
        if (first) StartSlots(run);
    }

    /// <summary>Sends to <paramref name="connection"/> from now on, beginning with the samples that are not acknowledged.</summary>
    public void Connect(ChannelWriter<OutboundMessage> connection) => _state.Change(s => s.Outbox.Connect(connection));

    public void Assign(ProblemAssignment problem) => _state.Change(s => s.Assign(problem));

    public void Assign(EvaluationAssignment evaluation) => _state.Change(s => s.Evaluations.Enqueue(evaluation));

    public void Assign(ComparisonAssignment part) => _state.Change(s => s.Evaluations.Enqueue(part));

    public void Take(AuditOrder audit) => _state.Change(s => s.Audits.Take(audit));

    public void UpdateTheta(PublishedTheta theta) => _state.Change(s => s.Problems.UpdateTheta(theta));

    public void SetPaused(bool paused) => _state.Change(s => s.Problems.Paused = paused);

    public void Acknowledge(Acknowledgement acknowledgement) => _state.Change(s => s.Acknowledge(acknowledgement));

    /// <summary>Drops a problem: the coordinator gave it to another worker, or refused a sample of it.</summary>
    public void Revoke(long problemId) => _state.Change(s => s.Revoke(problemId));

    /// <summary>Starts no new work. Running truncations may end within <paramref name="patience"/>; then they are abandoned.</summary>
    /// <remarks>
    /// A slot checks at every inner-step whether it is abandoned; only one that still reads a dataset's files may outlast this, and it
    /// holds no state.
    /// </remarks>
    public async Task CloseAsync(TimeSpan patience)
    {
        _state.Change(s => s.Closing = true);
        var ended = Task.WhenAll(_slots.Select(s => s.Ended));
        await Task.WhenAny(ended, Task.Delay(patience, _time));
        await _abandon.CancelAsync();
        await Task.WhenAny(ended, Task.Delay(patience, _time));
    }

    /// <summary>Returns when every sample is acknowledged, the time is over or the connection has ended.</summary>
    public Task FlushAsync(TimeSpan limit, Task connection) =>
        _state.WaitAsync(s => s.Outbox.IsEmpty, Task.WhenAny(connection, Task.Delay(limit, _time)));

    /// <summary>States of the unfinished problems, for other workers to continue from. Only after <see cref="CloseAsync"/>.</summary>
    public IReadOnlyList<UnfinishedProblem> HandBack() => _state.Read(s => s.Problems.HandBack());

    public void Dispose()
    {
        _abandon.Cancel();
        _state.Change(s => s.Closing = true);
        Task.WaitAll([.. _slots.Select(s => s.Ended)], LongestWait);
        _abandon.Dispose();
    }

    private void StartSlots(JoinedRun run)
    {
        var context = new SlotContext
        {
            Run = run,
            Dataset = new Lazy<IRunImages>(() => DatasetCatalog.OpenRun(run.Specification, _options.DataDirectory)),
            InnerProblems = _options.InnerProblems,
            State = _state,
            Board = _board,
            Metrics = _metrics,
            Traces = _traces,
            Time = _time,
            Log = _log,
            Abandon = _abandon.Token,
        };
        _slots = [.. Enumerable.Range(0, _options.Slots).Select(i => new SlotThread(i, context, e => _failed.TrySetResult(e)))];
        foreach (var slot in _slots) slot.Start();
    }
}
