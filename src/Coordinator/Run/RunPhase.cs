namespace LoptCluster.Coordinator.Run;

/// <summary>What a step of <see cref="RunPhase.Advance"/> led to.</summary>
internal enum PhaseChange
{
    None,

    /// <summary>The last outer-update is applied; its θ is still to be evaluated.</summary>
    TrainingEnded,

    /// <summary>The run has finished.</summary>
    Finished,
}

/// <summary>The life of a run: waiting for workers ⇄ running → finished, draining from any of them, and pauses in between.</summary>
/// <remarks>
/// Decides nothing but the phase: what a phase means for workers is up to the callers. Owned by the run loop; not thread-safe, except for
/// the two tasks.
/// </remarks>
/// <param name="outerUpdates">Outer-updates of the whole run.</param>
/// <param name="exitWhenFinished">The process ends once the run has finished and its workers have left.</param>
/// <param name="lastEvaluations">How long the evaluations of the last θ may delay the end of the run.</param>
/// <param name="now">Start of the clock.</param>
internal sealed class RunPhase(long outerUpdates, bool exitWhenFinished, TimeSpan lastEvaluations, DateTimeOffset now)
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunStage _stage = RunStage.WaitingForWorkers;
    private bool _stopsProcess;
    private DateTimeOffset? _lastUpdateAt;
    private DateTimeOffset _clockRead = now;

    public RunStage Stage => IsPaused && AssignsProblems ? RunStage.Paused : _stage;

    public bool IsPaused { get; private set; }

    /// <summary>Training time, all starts of the coordinator together: it stands still while paused or without workers.</summary>
    public double Seconds { get; private set; }

    public bool AssignsProblems => _stage is RunStage.Running or RunStage.WaitingForWorkers;

    /// <summary>Workers are sent away.</summary>
    public bool Dismisses => _stage is RunStage.Draining or RunStage.Finished;

    /// <summary>Workers must not begin a new truncation.</summary>
    public bool HoldsTruncations => IsPaused || _lastUpdateAt is not null || Dismisses;

    /// <summary>Evaluations are handed out: also while paused, unless they are the work of the run.</summary>
    public bool AssignsEvaluations => !Dismisses && !(IsPaused && lastEvaluations == TimeSpan.MaxValue);

    /// <summary>Training has ended, and the run waits for the evaluations of its last θ.</summary>
    public bool AwaitsEvaluations => _lastUpdateAt is not null && _stage == RunStage.Running;

    /// <summary>
    /// The process stops although the run is not over: workers hand back their problems and look for the coordinator again.
    /// </summary>
    public bool ComesBack { get; private set; }

    /// <summary>Completes when no worker is left after a drain.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Completes, with the reason, when the run itself ends the process.</summary>
    public Task<string> StopRequested => _stopRequested.Task;

    public void Restore(double seconds) => Seconds = seconds;

    /// <summary>Adds the time since the last reading to the training time, if the run was running.</summary>
    public void ReadClock(DateTimeOffset now)
    {
        if (_stage == RunStage.Running && !IsPaused) Seconds += (now - _clockRead).TotalSeconds;
        _clockRead = now;
    }

    /// <summary>No further outer-update is made, although the run has not had all of them.</summary>
    public bool EndsEarly { get; private set; }

    /// <summary>Ends training where it stands.</summary>
    public void EndEarly() => EndsEarly = true;

    /// <summary>The time since the last reading was no training time.</summary>
    public void SkipTo(DateTimeOffset now) => _clockRead = now;

    /// <returns>Whether that was a change.</returns>
    public bool SetPaused(bool paused)
    {
        if (IsPaused == paused) return false;
        IsPaused = paused;
        return true;
    }

    /// <param name="stopsProcess">The process ends when the workers have left; false: it is ending already and the run continues with the
    /// next start.</param>
    /// <returns>Whether workers must be dismissed now.</returns>
    public bool Drain(bool stopsProcess)
    {
        _stopsProcess |= stopsProcess;
        if (_stage == RunStage.Draining) return false;
        ComesBack = !stopsProcess && _stage != RunStage.Finished;
        if (_stage != RunStage.Finished) _stage = RunStage.Draining;
        return true;
    }

    /// <summary>Moves on as far as the present facts allow.</summary>
    /// <param name="now">The time.</param>
    /// <param name="workers">Connected workers.</param>
    /// <param name="version">Outer-updates applied.</param>
    /// <param name="openEvaluations">Evaluations without a result yet.</param>
    public PhaseChange Advance(DateTimeOffset now, int workers, long version, int openEvaluations)
    {
        bool trained = EndsEarly || version >= outerUpdates;
        bool hasWork = !trained || (openEvaluations > 0 && lastEvaluations == TimeSpan.MaxValue);
        if (_stage == RunStage.WaitingForWorkers && workers > 0) _stage = RunStage.Running;
        else if (_stage == RunStage.Running && workers == 0 && hasWork) _stage = RunStage.WaitingForWorkers;
        if (!AssignsProblems || !trained) return PhaseChange.None;

        bool ended = _lastUpdateAt is null;
        _lastUpdateAt ??= now;
        if (openEvaluations > 0 && now - _lastUpdateAt < lastEvaluations) return ended ? PhaseChange.TrainingEnded : PhaseChange.None;
        _stage = RunStage.Finished;
        return PhaseChange.Finished;
    }

    /// <summary>Records the number of workers left; without any, a draining or finished run is over.</summary>
    public void NoteWorkers(int workers)
    {
        if (workers > 0 || !Dismisses) return;
        _drained.TrySetResult();
        if (_stopsProcess || (_stage == RunStage.Finished && exitWhenFinished))
            _stopRequested.TrySetResult(_stage == RunStage.Finished ? "the run is finished" : "drained");
    }
}
