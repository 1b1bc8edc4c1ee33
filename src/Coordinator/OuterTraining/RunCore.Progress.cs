using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Coordinator.OuterTraining;

internal sealed partial class RunCore
{
    /// <summary>How long the evaluations of the last θ may hold up the end of the run.</summary>
    private static readonly TimeSpan LastEvaluations = TimeSpan.FromSeconds(120);

    /// <summary>How long workers may take to say Goodbye.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunState _phase = RunState.WaitingForWorkers;
    private bool _paused;
    private bool _stopsWhenDrained;

    /// <summary>The process stops and the run is not over: workers hand back what they have, and look for the coordinator again.</summary>
    private bool _willBeBack;

    private DateTimeOffset? _lastUpdateAt;
    private DateTimeOffset _clockRead;
    private double _seconds;

    /// <summary>Completes when no worker is left after a drain.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Completes when the run itself wants the process to end.</summary>
    public Task StopRequested => _stopRequested.Task;

    /// <summary>Training time goes on while workers work.</summary>
    private void ReadClock()
    {
        var now = _time.GetUtcNow();
        if (_phase == RunState.Running && !_paused) _seconds += (now - _clockRead).TotalSeconds;
        _clockRead = now;
    }

    private void Tick()
    {
        LoseSilentWorkers();
        _ledger.ReleaseExpired(_time.GetUtcNow());
        foreach (string id in _lost.Where(l => l.Value.Until <= _time.GetUtcNow()).Select(l => l.Key).ToList()) _lost.Remove(id);
    }

    private void SetPaused(bool paused)
    {
        if (_paused == paused) return;
        _paused = paused;
        CoordinatorLog.Paused(_log, paused);
        foreach (var worker in _workers.Values) Say(worker.Session, new CoordinatorMessage { SetPaused = new SetPaused { Paused = paused } });
        ApplyFullBatches();
    }

    private void StartDraining(DrainRequested drain)
    {
        _stopsWhenDrained |= drain.StopProcess;
        if (_phase is RunState.Draining) return;
        _willBeBack = !drain.StopProcess && _phase != RunState.Finished;
        if (_phase != RunState.Finished) _phase = RunState.Draining;
        DismissAll(drain.Reason);
    }

    private void DismissAll(string reason)
    {
        foreach (var worker in _workers.Values) Dismiss(worker, reason);
    }

    private void Dismiss(WorkerEntry worker, string reason)
    {
        if (worker.Draining) return;
        worker.FarewellUntil = _time.GetUtcNow() + Farewell;
        Say(worker.Session, new CoordinatorMessage { Drain = new Drain { Reason = reason, ComeBack = _willBeBack } });
    }

    /// <summary>From phase to phase, as far as the events of the group allow.</summary>
    private void Progress()
    {
        if (_phase is RunState.WaitingForWorkers && _workers.Count > 0) _phase = RunState.Running;
        else if (_phase is RunState.Running && _workers.Count == 0 && _theta.Version < Specification.OuterUpdates) _phase = RunState.WaitingForWorkers;

        if (_phase is RunState.Running or RunState.WaitingForWorkers && _theta.Version >= Specification.OuterUpdates) FinishWhenEvaluated();
        if (_phase is not (RunState.Draining or RunState.Finished)) return;

        foreach (var worker in _workers.Values.Where(w => w.FarewellUntil <= _time.GetUtcNow()).ToList())
        {
            worker.Session.Abort();
            Leave(worker.Session);
        }

        if (_workers.Count > 0) return;
        _drained.TrySetResult();
        if (_stopsWhenDrained || (_phase == RunState.Finished && _options.ExitWhenFinished))
            _stopRequested.TrySetResult(_phase == RunState.Finished ? "the run is finished" : "drained");
    }

    private void FinishWhenEvaluated()
    {
        var now = _time.GetUtcNow();
        if (_lastUpdateAt is null)
        {
            _lastUpdateAt = now;
            foreach (var worker in _workers.Values) Say(worker.Session, new CoordinatorMessage { SetPaused = new SetPaused { Paused = true } });
        }

        if (_evaluations.Jobs.Count > 0 && now - _lastUpdateAt < LastEvaluations) return;
        _phase = RunState.Finished;
        CoordinatorLog.Finished(_log, _theta.Version, _seconds, _evaluations.BestVersion);
        DismissAll("the run is finished");
    }
}
