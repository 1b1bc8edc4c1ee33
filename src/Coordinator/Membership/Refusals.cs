using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Shared.Run;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Membership;

/// <summary>Refuses messages of workers: each is counted, logged, kept for people to read and answered.</summary>
internal sealed class Refusals(
    RunTotals totals, Incidents incidents, CoordinatorMetrics metrics, Outbox outbox, TimeProvider time, ILogger<Refusals> log)
{
    private readonly LogLimit _lines = new(time);

    /// <summary>Refuses one message; the worker stays connected.</summary>
    /// <param name="session">The sender.</param>
    /// <param name="refusal">What is wrong.</param>
    /// <param name="sample">The refused sample, if it is one.</param>
    public void Refuse(WorkerSession session, Refusal refusal, SampleIdentity? sample = null) =>
        Refuse(session, new Refusal(refusal.Reason, PeerText.Of(refusal.Detail)), fatal: false, sample);

    /// <summary>Refuses the worker for now: the stream ends, and it may try again.</summary>
    public void TurnAway(WorkerSession session, Refusal refusal)
    {
        Refuse(session, refusal);
        outbox.End(session);
    }

    /// <summary>Refuses the worker: the stream ends, and it must not try again.</summary>
    public void Expel(WorkerSession session, Refusal refusal)
    {
        Refuse(session, new Refusal(refusal.Reason, PeerText.Of(refusal.Detail)), fatal: true);
        outbox.End(session);
    }

    private void Refuse(WorkerSession session, Refusal refusal, bool fatal, SampleIdentity? sample = null)
    {
        session.Refused++;
        totals.Rejected[refusal.Reason] = totals.Rejected.GetValueOrDefault(refusal.Reason) + 1;
        incidents.NoteRefusal(time.GetUtcNow(), session.WorkerId, refusal);
        metrics.MessageRefused(refusal.Reason);
        if (_lines.Passes(out int left)) CoordinatorLog.Refused(log, session.WorkerId, refusal.Reason, refusal.Detail);
        if (left > 0) SessionLog.MoreRefused(log, left);
        outbox.Enqueue(session, new MessageRefused(refusal, fatal, sample));
    }
}
