using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Intake;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Coordinator.Training;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Loop;

/// <summary>
/// What each event does to a run, and the order in which its effects become visible. One thread at a time: the run loop's.
/// </summary>
/// <remarks>
/// An event changes memory and the open group, and queues the outgoing messages. Nothing is sent or published before the commit of its
/// group (<see cref="EventGroup"/>): an acknowledged sample is durable, and an update is durable before it is visible.
/// </remarks>
internal sealed class RunCore(
    RunPhase phase,
    Members members,
    LaneWatch lanes,
    EvaluationWatch evaluating,
    SampleIntake samples,
    StoredSamples stored,
    MeasurementInspector inspector,
    EvaluationIntake results,
    ComparisonIntake parts,
    EvaluationSchedule evaluations,
    AuditIntake audited,
    AuditAssignment audits,
    QuarantineRegister quarantine,
    WorkAssignment work,
    ProblemLedger ledger,
    OuterTrainer trainer,
    RunWriter writer,
    FilePatience file,
    Outbox outbox,
    ThetaBoard board,
    StatusReporter reporter,
    StatusBoard statuses,
    Refusals refusals,
    CoordinatorMetrics metrics,
    TimeProvider time,
    ILogger<RunCore> log)
{
    private List<Command> _commands = [];
    private bool _thetaMoved;

    /// <summary>Completes when no worker is left after a drain.</summary>
    public Task Drained => phase.Drained;

    /// <summary>Completes when the run itself ends the process.</summary>
    public Task StopRequested => phase.StopRequested;

    public void Handle(RunEvent e)
    {
        phase.ReadClock(time.GetUtcNow());
        switch (e)
        {
            case WorkerJoined joined: members.OnJoined(joined.Session); break;
            case WorkerSent sent:
                OnMessage(sent.Session, sent.Message);
                sent.Message.Release();
                break;
            case WorkerLeft left: members.OnLeft(left.Session); break;
            case WorkerMoved moved: members.OnMoved(moved.Session, moved.Reason); break;
            case PauseRequested pause: OnPause(pause.Paused); break;
            case DrainRequested drain: OnDrain(drain); break;
            case LiftRequested lift: OnLift(lift); break;
            case ClockTicked: OnTick(); break;
            default: throw new ArgumentOutOfRangeException(nameof(e), e, "There is no such event.");
        }

        if (e is Command command) _commands.Add(command);
    }

    /// <summary>Ends a group of events with the assignments that follow from it. The next begins with the next event.</summary>
    public EventGroup End()
    {
        if (evaluations.HaveDiverged && !phase.EndsEarly)
        {
            phase.EndEarly();
            CoordinatorLog.Diverged(log, trainer.Theta.Version, evaluations.BestVersion ?? -1);
        }

        // Also without a new sample: a batch may have been full when the run was stopped or paused.
        ApplyFullBatches();
        AdvancePhase();
        if (phase.AssignsProblems) work.AssignProblems(members.Available);
        if (phase.AssignsEvaluations) work.AssignEvaluations(members.Available);
        if (!phase.HoldsTruncations) audits.Assign(members.Available);
        var commands = _commands;
        _commands = [];
        Action[] effects =
        [
            stored.TakeEnded(), TakeTheta(), outbox.Take(), reporter.Compose(atOnce: commands.Count > 0) ?? (static () => { }),
            () => commands.ForEach(c => c.Done.TrySetResult()),
        ];
        return new EventGroup(writer.End(), file, effects, GoOn, metrics, time);
    }

    /// <summary>Shows where the run stands, before the first event.</summary>
    public void Start()
    {
        file.OnWait = OnInterruption;
        _thetaMoved = true;
        inspector.OnPublished(trainer.Published);
        evaluations.OnPublished(trainer.Theta, trainer.Average);
        TakeTheta()();
        reporter.Report();
    }

    private void OnMessage(WorkerSession session, IncomingMessage message)
    {
        if (members.Find(session) is not { } worker) return;
        session.Hear(time.GetUtcNow());
        switch (message)
        {
            case SampleReceived sample:
                if (samples.OnSample(worker, sample) == SampleVerdict.Accepted) ApplyFullBatches();
                break;
            case HeartbeatReceived heartbeat: members.OnHeartbeat(worker, heartbeat); break;
            case EvaluationReceived result: results.OnEvaluation(worker, result); break;
            case ComparisonPartReceived part: parts.OnPart(worker, part); break;
            case AuditReceived audit: audited.OnResult(worker, audit); break;
            case StateUnusable unusable: members.OnStateUnusable(worker, unusable); break;
            case StateHandedBack state: members.OnStateHandedBack(worker, state); break;
            case StateUnreadable unreadable: refusals.Refuse(session, unreadable.Refusal); break;
            case TooLargeReceived tooLarge: refusals.Refuse(session, tooLarge.Refusal); break;
            case GoodbyeReceived goodbye: members.OnGoodbye(worker, goodbye); break;
            case UnexpectedReceived other:
                refusals.Refuse(session, new Refusal(RefusalReason.Malformed, $"a message of kind {other.Kind} is not allowed here"));
                break;
        }
    }

    private void OnPause(bool paused)
    {
        if (!phase.SetPaused(paused)) return;
        writer.SetValue(RunContext.PausedKey, paused ? "1" : "0");
        CoordinatorLog.Paused(log, paused);
        members.EnqueueForAll(new PauseChanged(phase.HoldsTruncations));
    }

    private void OnDrain(DrainRequested drain)
    {
        if (phase.Drain(drain.StopProcess)) members.DismissAll(drain.Reason);
    }

    private void OnLift(LiftRequested lift)
    {
        lift.Found = quarantine.Lift(lift.WorkerId);
        if (lift.Found) CoordinatorLog.QuarantineLifted(log, lift.WorkerId);
    }

    private void OnTick()
    {
        members.OnTick();
        lanes.OnTick(members.Connected, trainer.Theta.Version, phase.HoldsTruncations);
        evaluating.OnTick(members.Connected);
        ledger.ReleaseExpired(time.GetUtcNow());
    }

    private void ApplyFullBatches()
    {
        while (!phase.IsPaused && !phase.EndsEarly && trainer.TryUpdate(phase.Seconds) is { } theta)
        {
            _thetaMoved = true;
            inspector.OnPublished(theta);
            evaluations.OnPublished(theta.Theta, trainer.Average);
        }
    }

    /// <summary>From phase to phase, as far as the events of the group allow.</summary>
    private void AdvancePhase()
    {
        switch (phase.Advance(time.GetUtcNow(), members.Connected.Count, trainer.Theta.Version, evaluations.Jobs.Count))
        {
            case PhaseChange.TrainingEnded:
                members.EnqueueForAll(new PauseChanged(true));
                break;
            case PhaseChange.Finished:
                if (evaluations.Comparison is { } comparison) CoordinatorLog.ComparisonComplete(log, comparison.Tasks, phase.Seconds);
                else CoordinatorLog.Finished(log, trainer.Theta.Version, phase.Seconds, evaluations.BestVersion ?? -1);
                members.DismissAll("the run is finished");
                break;
        }

        members.GiveUpOverdue();
        phase.NoteWorkers(members.Connected.Count);
    }

    private void OnInterruption(string reason)
    {
        statuses.Interrupt(reason);
        metrics.Interrupt();
    }

    /// <summary>The file could not be used for a while: that is neither training time nor any worker's fault.</summary>
    private void GoOn()
    {
        phase.SkipTo(time.GetUtcNow());
        lanes.Restart();
        evaluating.Restart();
        reporter.Report();
    }

    /// <returns>Publishes θ, the best version and the end of the run as they are now.</returns>
    private Action TakeTheta()
    {
        var (best, loss, isFinished) = (evaluations.BestVersion, evaluations.BestLoss, phase.Stage == RunStage.Finished);
        var publish = _thetaMoved ? TakeMovedTheta() : static () => { };
        _thetaMoved = false;
        return () =>
        {
            publish();
            if (best is { } version && version != board.BestVersion) board.PublishBest(version, loss);
            if (isFinished && !board.IsFinished) board.Finish();
        };
    }

    private Action TakeMovedTheta()
    {
        var (published, average, onPublished) = (trainer.Published, trainer.Average, trainer.TakePublished());
        return () =>
        {
            board.Publish(published, average);
            // The first message to a worker is its Welcome, which brings this θ.
            foreach (var worker in members.Connected.Where(w => w.Session.Welcomed)) worker.Session.Offer(published);
            onPublished();
        };
    }
}
