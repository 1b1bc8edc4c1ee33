using System.Diagnostics;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Evaluation;
using LoptCluster.Coordinator.Hosting;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.RunStore;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.OuterTraining;

/// <summary>The state of a run and what each event does to it. One thread at a time: the run loop's.</summary>
/// <remarks>
/// An event changes memory and the open transaction, and queues what is to be said. Only after the commit is anything said or shown (<see cref="Flush"/>):
/// an acknowledged sample is durable, an update is durable before it is visible.
/// Parts: Workers (join, leave, hand back), Samples (accept, merge), Assignment (who unrolls what), Progress (finish, pause, drain, status).
/// </remarks>
internal sealed partial class RunCore : IDisposable
{
    private readonly RunContext _run;
    private readonly CoordinatorOptions _options;
    private readonly ThetaBoard _board;
    private readonly StatusBoard _status;
    private readonly CoordinatorMetrics _metrics;
    private readonly SampleTraces _traces;
    private readonly TimeProvider _time;
    private readonly ILogger<RunCore> _log;
    private readonly RunDatabase _database;
    private readonly RunWriter _writer;
    private readonly RunReader _reader;
    private readonly ProblemLedger _ledger;
    private readonly SampleBatch _batch;
    private readonly OuterUpdateOptions _updateOptions;
    private readonly SampleInspector _inspector;
    private readonly RpChoiceInspector _rpInspector;
    private readonly EvaluationSchedule _evaluations;
    private readonly RunTotals _totals = new();
    private readonly Incidents _incidents = new();
    private readonly Dictionary<string, WorkerEntry> _workers = [];
    private readonly List<(WorkerSession Session, Func<CoordinatorMessage> Message)> _outbox = [];
    private readonly List<WorkerSession> _leaving = [];
    private readonly List<Command> _commands = [];
    private readonly List<Activity> _publishing = [];

    private OuterState _state;
    private HistoryEntry? _last;
    private bool _thetaMoved;

    public RunCore(
        RunContext run,
        CoordinatorOptions options,
        ThetaBoard board,
        StatusBoard status,
        CoordinatorMetrics metrics,
        SampleTraces traces,
        TimeProvider time,
        ILogger<RunCore> log)
    {
        _run = run;
        _options = options;
        _board = board;
        _status = status;
        _metrics = metrics;
        _traces = traces;
        _time = time;
        _log = log;
        var specification = run.Specification;
        _database = RunDatabase.Open(options.RunDirectory);
        _writer = new RunWriter(_database);
        _reader = new RunReader(options.RunDirectory);
        _ledger = new ProblemLedger(specification);
        _batch = new SampleBatch(specification);
        _updateOptions = OuterUpdateOptions.From(specification);
        _evaluations = new EvaluationSchedule(specification, time.GetUtcNow().ToUnixTimeMilliseconds());
        var now = time.GetUtcNow();
        _clockRead = now;
        var stored = _reader.Run(specification.BatchSamples)
            ?? throw new InvalidOperationException("The run has no θ; the run context should have written version 0.");
        _state = stored.State;
        _inspector = new SampleInspector(run.SpecificationHash, _theta.Length);
        _rpInspector = new RpChoiceInspector(specification);
        _rpInspector.Published(_theta);
        Restore(stored, now);
    }

    private RunSpecification Specification => _run.Specification;

    private ThetaSnapshot _theta => _state.Theta;

    public void Dispose()
    {
        _writer.Dispose();
        _database.Dispose();
    }

    /// <summary>Starts the transaction of a group of events.</summary>
    public void Begin() => _writer.Begin();

    public void Handle(RunEvent e)
    {
        ReadClock();
        switch (e)
        {
            case WorkerJoined joined: Join(joined.Session); break;
            case WorkerSent sent: Receive(sent.Session, sent.Message); break;
            case WorkerLeft left: Leave(left.Session); break;
            case PauseRequested pause: SetPaused(pause.Paused); break;
            case DrainRequested drain: StartDraining(drain); break;
            case ClockTicked: Tick(); break;
            default: throw new ArgumentOutOfRangeException(nameof(e), e, null);
        }

        if (e is Command command) _commands.Add(command);
    }

    /// <summary>Ends the group: assignments, the commit, and then everything that was to be said.</summary>
    public void Flush()
    {
        // Also without a new sample: a batch may have been full when the run was stopped or paused.
        ApplyFullBatches();
        Progress();
        Assign();
        AssignEvaluations();
        Commit();

        if (_thetaMoved)
        {
            _board.Publish(_theta);
            // The first word to a worker is its Welcome, which brings this θ.
            foreach (var worker in _workers.Values.Where(w => w.Session.Welcomed)) worker.Session.Offer(_theta);
            _thetaMoved = false;
            foreach (var publish in _publishing) SampleTraces.End(publish);
            _publishing.Clear();
        }

        if (_evaluations.BestVersion != _board.BestVersion) _board.PublishBest(_evaluations.BestVersion, _evaluations.BestLoss);
        foreach (var (session, message) in _outbox) session.Send(message());
        _outbox.Clear();
        foreach (var session in _leaving) session.Complete();
        _leaving.Clear();
        PublishStatus();
        foreach (var command in _commands) command.Done.TrySetResult();
        _commands.Clear();
    }

    private void Commit()
    {
        long start = _time.GetTimestamp();
        bool written = _writer.Dirty;
        _writer.Commit();
        if (written) _metrics.Committed(_time.GetElapsedTime(start));
    }

    private void Say(WorkerSession session, CoordinatorMessage message) => _outbox.Add((session, () => message));

    private void Restore(StoredRun stored, DateTimeOffset now)
    {
        _ledger.Restore(stored, now + _options.LostWorkerGrace);
        var lanes = _ledger.Open.ToDictionary(p => p.Id, p => p.Lane);
        foreach (var sample in stored.Unmerged)
            _batch.Add(new QueuedSample(lanes.GetValueOrDefault(sample.Identity.ProblemId, LaneOf(sample.Identity.ProblemId)), sample, _time.GetTimestamp()));
        _evaluations.Restore(_reader.Evaluations());
        _totals.Restore(_reader.Counts());
        foreach (var row in _reader.History(0)) NoteLoss((_last = row).OuterLoss);
        _seconds = double.Parse(_reader.Value(RunContext.SecondsKey) ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        _board.Publish(_theta);
        if (_evaluations.BestVersion >= 0) _board.PublishBest(_evaluations.BestVersion, _evaluations.BestLoss);
        _evaluations.Due(_theta);
        PublishStatus();
        CoordinatorLog.RunOpened(_log, _run.RunId, _theta.Version, _ledger.Open.Count, _batch.Waiting);
    }

    private int LaneOf(long problemId) => (int)(problemId % Specification.BatchSamples);
}
