using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.ThetaServing;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Membership;

/// <summary>The workers of the run: how they join, are lost, return and leave.</summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
internal sealed class Members(
    RunContext run,
    MembershipTimes times,
    RunPhase phase,
    Siblings siblings,
    HelloInspector inspector,
    Fingerprints fingerprints,
    QuarantineRegister quarantine,
    ProblemHandover handover,
    Refusals refusals,
    Incidents incidents,
    CoordinatorMetrics metrics,
    ThetaBoard board,
    Outbox outbox,
    TimeProvider time,
    ILogger<Members> log)
{
    private readonly Dictionary<string, WorkerEntry> _connected = [];
    private readonly Dictionary<string, (WorkerEntry Worker, DateTimeOffset Until)> _lost = [];
    private IReadOnlyList<WorkerSession>? _available;
    private DateTimeOffset _firstFarewell = DateTimeOffset.MaxValue;

    public IReadOnlyCollection<WorkerEntry> Connected => _connected.Values;

    /// <summary>Workers whose connection broke, as long as their problems are kept for them.</summary>
    public IEnumerable<WorkerEntry> Lost => _lost.Values.Select(l => l.Worker);

    /// <summary>A dismissed worker is needed again: by the next process, or by another run of this one.</summary>
    private bool OthersWait => phase.ComesBack || siblings.HaveWork();

    /// <summary>
    /// Sessions of the workers that can be given work. The same list as before means the same workers with the same usable slots: a turn of
    /// the run loop need not look at each worker of a large fleet.
    /// </summary>
    public IReadOnlyList<WorkerSession> Available =>
        _available ??= [.. _connected.Values.Where(w => w is { Draining: false, Stalled: false }).Select(w => w.Session)];

    /// <summary>The worker of a session; null if it has left or returned with another one.</summary>
    public WorkerEntry? Find(WorkerSession session) =>
        _connected.TryGetValue(session.WorkerId, out var worker) && worker.Session == session ? worker : null;

    /// <summary>The session of a connected worker; null: it is not connected.</summary>
    public WorkerSession? SessionOf(string workerId) => _connected.GetValueOrDefault(workerId)?.Session;

    public void OnJoined(WorkerSession session)
    {
        if (inspector.Inspect(session.Hello) is { } refusal)
        {
            refusals.Expel(session, refusal);
            return;
        }

        if (HolderOf(session) is { } holder)
        {
            refusals.TurnAway(session, new Refusal(
                RefusalReason.WorkerIdInUse,
                $"worker id '{session.WorkerId}' belongs to a worker on '{holder.Host}' that is connected; give each worker an id of its "
                    + "own"));
            return;
        }

        if (phase.ComesBack && session.Hello.Held.Count == 0)
        {
            // It has handed back its problems and came too early: the next process will welcome it.
            session.Abort();
            return;
        }

        Admit(session);
        outbox.Enqueue(session, () => Welcome(session));
        foreach (var (borrower, problem) in handover.Resume(session, time.GetUtcNow() + times.LostWorkerGrace))
            if (SessionOf(borrower) is { } other) outbox.Enqueue(other, new ProblemRevoked(problem));
        if (phase.HoldsTruncations) outbox.Enqueue(session, new PauseChanged(true));
        if (phase.Dismisses)
            Dismiss(_connected[session.WorkerId], phase.ComesBack ? "the coordinator stops" : "the run has ended", OthersWait);
        CoordinatorLog.WorkerJoined(log, session.WorkerId, session.Host, session.Slots, session.Hello.Held.Count);
    }

    public void OnHeartbeat(WorkerEntry worker, HeartbeatReceived heartbeat)
    {
        worker.InnerStepsPerSecond = heartbeat.InnerStepsPerSecond;
        worker.Activity = heartbeat.Activity;
        if (fingerprints.Inspect(worker.Session.WorkerId, heartbeat.DatasetFingerprint, heartbeat.LayoutFingerprint) is { } refusal)
        {
            refusals.Expel(worker.Session, refusal);
            Remove(worker);
        }
    }

    public void OnStateHandedBack(WorkerEntry worker, StateHandedBack handedBack)
    {
        if (handover.HandBack(worker.Session, handedBack)) worker.StatesHandedBack++;
    }

    public void OnGoodbye(WorkerEntry worker, GoodbyeReceived goodbye)
    {
        metrics.WorkerLeft(worker.StatesHandedBack);
        if (goodbye.Failed) incidents.NoteFailed(time.GetUtcNow(), worker.Session.WorkerId, worker.Session.Host, goodbye.Reason);
        CoordinatorLog.WorkerLeft(log, worker.Session.WorkerId, goodbye.Reason, worker.StatesHandedBack);
        Remove(worker);
        outbox.End(worker.Session);
    }

    /// <summary>Another run of the fleet needs the worker more.</summary>
    public void OnMoved(WorkerSession session, string reason)
    {
        if (Find(session) is { } worker) Dismiss(worker, reason, comeBack: true);
    }

    public void OnStateUnusable(WorkerEntry worker, StateUnusable unusable)
    {
        CoordinatorLog.StateUnusable(log, worker.Session.WorkerId, unusable.ProblemId, unusable.Mismatch);
        handover.DropState(worker.Session.WorkerId, unusable.ProblemId);
    }

    /// <summary>A worker is not believed any more: its stream ends, whether it is connected or expected back.</summary>
    public void Expel(string workerId, Refusal refusal)
    {
        _lost.Remove(workerId);
        if (_connected.TryGetValue(workerId, out var worker))
        {
            refusals.Expel(worker.Session, refusal);
            Disconnect(workerId);
        }

        handover.Release(workerId);
    }

    /// <summary>A connection ended. Without a Goodbye before, the worker is lost and its problems are kept for it for a while.</summary>
    public void OnLeft(WorkerSession session)
    {
        if (Find(session) is not { } worker) return;
        Disconnect(session.WorkerId);
        var until = time.GetUtcNow() + times.LostWorkerGrace;
        _lost[session.WorkerId] = (worker, until);
        int problems = handover.Reserve(session.WorkerId, until);
        metrics.WorkerLost();
        incidents.NoteLost(time.GetUtcNow(), session.WorkerId, session.Host, problems);
        CoordinatorLog.WorkerLost(log, session.WorkerId, problems, times.LostWorkerGrace.TotalSeconds);
    }

    /// <summary>Gives up silent workers, and forgets lost ones whose grace period has expired.</summary>
    public void OnTick()
    {
        var now = time.GetUtcNow();
        var silentSince = now - times.Silence;
        foreach (var worker in _connected.Values.Where(w => w.LastHeard < silentSince && !w.Session.Waits).ToList()) GiveUp(worker);
        foreach (var worker in _connected.Values.Where(w => w.Session.Overflows).ToList())
        {
            SessionLog.DoesNotRead(log, worker.Session.WorkerId, worker.Session.Waiting);
            GiveUp(worker);
        }

        foreach (string id in _lost.Where(l => l.Value.Until <= now).Select(l => l.Key).ToList()) _lost.Remove(id);
    }

    /// <summary>Gives up dismissed workers that sent no Goodbye in time.</summary>
    public void GiveUpOverdue()
    {
        var now = time.GetUtcNow();
        if (_firstFarewell > now) return;
        foreach (var worker in _connected.Values.Where(w => w.FarewellUntil <= now).ToList()) GiveUp(worker);
        _firstFarewell = _connected.Values.Min(w => w.FarewellUntil) ?? DateTimeOffset.MaxValue;
    }

    public void EnqueueForAll(OutgoingMessage message)
    {
        foreach (var worker in _connected.Values) outbox.Enqueue(worker.Session, message);
    }

    public void DismissAll(string reason)
    {
        foreach (var worker in _connected.Values) Dismiss(worker, reason, OthersWait);
    }

    /// <returns>The session of another process that has this worker's id and was heard of lately; null: there is none.</returns>
    private WorkerSession? HolderOf(WorkerSession session)
    {
        if (!_connected.TryGetValue(session.WorkerId, out var worker)) return null;
        bool isAlive = time.GetUtcNow() - worker.LastHeard <= 2 * times.HeartbeatInterval;
        return isAlive && worker.Session.Hello.Instance != session.Hello.Instance ? worker.Session : null;
    }

    private void Admit(WorkerSession session)
    {
        bool known = _connected.TryGetValue(session.WorkerId, out var old);
        if (known) old!.Session.Abort();
        if (_lost.Remove(session.WorkerId) || known) metrics.WorkerReturned();
        metrics.WorkerJoined();
        quarantine.OnWelcomed(session.WorkerId, session.Host);
        session.Hear(time.GetUtcNow());
        _connected[session.WorkerId] = new WorkerEntry(session, OnAvailabilityChanged);
        OnAvailabilityChanged();
    }

    /// <summary>The first message of a session. Composed when it is sent, with the θ that is the newest by then.</summary>
    private Welcomed Welcome(WorkerSession session)
    {
        session.Welcomed = true;
        return new Welcomed(run, board.Published, times.HeartbeatInterval);
    }

    private void Dismiss(WorkerEntry worker, string reason, bool comeBack)
    {
        if (worker.Draining) return;
        worker.Session.ComesBack = comeBack;
        var until = time.GetUtcNow() + MembershipTimes.Farewell;
        worker.FarewellUntil = until;
        if (until < _firstFarewell) _firstFarewell = until;
        outbox.Enqueue(worker.Session, new Dismissed(reason, comeBack));
    }

    private void OnAvailabilityChanged() => _available = null;

    private void Disconnect(string workerId)
    {
        _connected.Remove(workerId);
        OnAvailabilityChanged();
    }

    private void GiveUp(WorkerEntry worker)
    {
        worker.Session.Abort();
        OnLeft(worker.Session);
    }

    private void Remove(WorkerEntry worker)
    {
        Disconnect(worker.Session.WorkerId);
        handover.Release(worker.Session.WorkerId);
    }
}
