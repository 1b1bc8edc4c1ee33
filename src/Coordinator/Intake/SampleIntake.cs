using System.Diagnostics;
using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.Training;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Intake;

/// <summary>The way of a sample from its arrival into the batch: inspected, compared with its problem, written, acknowledged.</summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
internal sealed class SampleIntake(
    SampleInspector inspector,
    MeasurementInspector measurements,
    OuterUpdateOptions options,
    IRunMode mode,
    ProblemLedger ledger,
    StoredSamples stored,
    WorkAssignment work,
    AuditBook audits,
    Members members,
    OuterTrainer trainer,
    SampleBatch batch,
    RunWriter writer,
    Refusals refusals,
    RunTotals totals,
    CoordinatorMetrics metrics,
    SampleTraces traces,
    Outbox outbox,
    TimeProvider time)
{
    public SampleVerdict OnSample(WorkerEntry worker, SampleReceived received)
    {
        worker.Stalled = false;
        var trace = traces.Queue(received);
        var verdict = Inspect(worker, received, trace);
        if (verdict == SampleVerdict.Accepted) SampleTraces.Detached(trace);
        else SampleTraces.Finish(trace, verdict);
        metrics.SampleReceived(verdict, received.Bytes);
        return verdict;
    }

    private SampleVerdict Inspect(WorkerEntry worker, SampleReceived received, Activity? trace)
    {
        var sample = received.Sample;
        if ((inspector.Inspect(received, trainer.Theta.Version) ?? measurements.Inspect(sample)) is { } refusal)
            return Refuse(worker, sample, refusal);
        switch (ledger.StandingOf(sample, received.AssignmentId, worker.Session.WorkerId, stored.Contains))
        {
            case SampleStanding.Duplicate:
                totals.Duplicate++;
                return Acknowledge(worker, sample, SampleVerdict.Duplicate);
            case SampleStanding.UnknownProblem:
                string unknown = $"problem {sample.Identity.ProblemId} is not assigned to this worker";
                return Refuse(worker, sample, new Refusal(RefusalReason.UnknownProblem, unknown));
            case SampleStanding.OtherAssignment:
                string other = $"assignment id {received.AssignmentId} is not that of problem {sample.Identity.ProblemId}, which was "
                    + "assigned anew since";
                return Refuse(worker, sample, new Refusal(RefusalReason.UnknownProblem, other));
            case SampleStanding.Misplaced:
                return Refuse(worker, sample, new Refusal(RefusalReason.Malformed, Misplacement(sample)));
        }

        var problem = ledger.Find(sample.Identity.ProblemId)!;
        if (measurements.InspectLength(sample, problem.Horizon - problem.InnerStep) is { } wrong) return Refuse(worker, sample, wrong);
        if (mode.Accepts(sample.ThetaVersion, problem.LaneVersion)) return Accept(worker, problem, sample, trace);
        // It may be sent by one that has come back for a problem which another has by now.
        if (problem.Owner is null || problem.Owner == worker.Session.WorkerId) problem.Release();
        return Acknowledge(worker, sample, SampleVerdict.Superseded);
    }

    private SampleVerdict Accept(WorkerEntry worker, OpenProblem problem, GradientSample sample, Activity? trace)
    {
        long age = trainer.Theta.Version - sample.ThetaVersion;
        bool counts = options.Staleness.Counts(age);
        writer.AddSample(sample, counts, worker.Session.WorkerId, time.GetUtcNow());
        if (ledger.Advance(problem, sample))
        {
            stored.OnProblemEnded(problem);
            work.Finish(problem);
            // Its sender had come back for it; a worker that it was lent to need not go on.
            if (problem.Owner is { } owner && owner != worker.Session.WorkerId && members.SessionOf(owner) is { } borrower)
                outbox.Enqueue(borrower, new ProblemRevoked(problem.Id));
        }

        audits.OnAccepted(
            sample, worker.Session.WorkerId, worker.Session.Host, time.GetUtcNow(), hasOthers: members.Connected.Count > 1);
        if (counts) batch.Add(new QueuedSample(problem, sample, time.GetTimestamp(), trace));
        worker.Samples++;
        worker.NoteDelivered();
        totals.NoteSample(time.GetUtcNow(), sample, counts);
        metrics.SampleStored(sample, age);
        return Acknowledge(worker, sample, counts ? SampleVerdict.Accepted : SampleVerdict.Stale);
    }

    private SampleVerdict Acknowledge(WorkerEntry worker, GradientSample sample, SampleVerdict verdict)
    {
        outbox.Enqueue(worker.Session, new SampleAcknowledged(sample.Identity, verdict));
        return verdict;
    }

    /// <summary>Refuses a sample; if its problem is this worker's, it starts over elsewhere from what was acknowledged.</summary>
    private SampleVerdict Refuse(WorkerEntry worker, GradientSample sample, Refusal refusal)
    {
        refusals.Refuse(worker.Session, refusal, sample.Identity);
        if (ledger.Find(sample.Identity.ProblemId) is { } problem && problem.Owner == worker.Session.WorkerId) problem.Release();
        return SampleVerdict.Rejected;
    }

    private string Misplacement(GradientSample sample)
    {
        var problem = ledger.Find(sample.Identity.ProblemId)!;
        string end = sample.ProblemFinished ? "" : ", and must be marked finished at its horizon";
        return $"truncation {sample.Identity.Truncation} with t0 {sample.StartStep} and k {sample.Steps} does not continue problem "
            + $"{problem.Id}, "
            + $"whose next truncation is {problem.NextTruncation} at t {problem.InnerStep} of {problem.Horizon}{end}";
    }
}
