using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Shared.Run;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Intake;

/// <summary>
/// Quarantines a worker: its stream ends, its samples that wait for a batch are dropped, and what it held is computed again by others.
/// </summary>
/// <remarks>
/// What it began, others may have gone on with from a state of its making. So every problem that it has had is gone back to what is merged
/// of it, and its state recomputed from the start. Of a large fleet that may be thousands: they are taken from their workers at once, and
/// given to others over the next turns of the run loop (<see cref="WorkAssignment"/>). Owned by the run loop; not thread-safe.
/// </remarks>
internal sealed class WorkerQuarantine(
    QuarantineRegister register, AuditBook audits, Members members, ProblemLedger ledger, SampleBatch batch, IRunMode mode,
    AuditWriter writer, Outbox outbox, RunTotals totals, CoordinatorMetrics metrics, ILogger<WorkerQuarantine> log)
{
    /// <param name="wrong">The sample that was wrong.</param>
    /// <param name="finding">Who says so, and by how much it was wrong.</param>
    /// <param name="now">The time.</param>
    public void Impose(StoredClaim wrong, string finding, DateTimeOffset now)
    {
        string worker = wrong.Worker;
        audits.Forget(worker);
        int dropped = Drop(worker);
        var record = new QuarantineRecord(worker, wrong.Host, now, wrong.Sample.Identity, finding, dropped);
        register.Add(record);
        members.Expel(worker, QuarantineRegister.Refused(record));
        metrics.Quarantined(dropped);
        CoordinatorLog.Quarantined(log, worker, wrong.Host, dropped, finding);
    }

    /// <returns>Samples that were dropped.</returns>
    private int Drop(string worker)
    {
        // Those that are merged came before: a batch takes samples in the order of their arrival.
        QueuedSample[] doubtful =
        [
            .. batch.All.Where(q => q.Problem.Holders.TryGetValue(worker, out int first) && q.Sample.Identity.Truncation >= first),
        ];
        batch.Drop(doubtful);
        foreach (var sample in doubtful)
        {
            totals.Forget(sample.Sample);
            SampleTraces.Finish(sample.Trace, SampleVerdict.Rejected);
        }

        foreach (var samples in doubtful.GroupBy(q => q.Problem)) Rewind(samples.Key, [.. samples.Select(q => q.Sample)]);
        foreach (var problem in ledger.Open.Where(p => p.Holders.ContainsKey(worker)).ToList()) Retake(problem, worker);
        return doubtful.Length;
    }

    /// <summary>Goes back to the first of the samples that are dropped.</summary>
    private void Rewind(OpenProblem problem, IReadOnlyCollection<GradientSample> dropped)
    {
        var first = dropped.MinBy(s => s.Identity.Truncation)!;
        if (mode.SuccessorOf(problem.Id) is { } next && ledger.Find(next) is { } successor) Remove(successor);
        Revoke(problem);
        totals.ForgetStale(problem.Done.Count - first.Identity.Truncation - dropped.Count);
        problem.Rewind(first.Identity.Truncation, first.ThetaVersion > 0 ? first.ThetaVersion - 1 : null);
        ledger.Reopen(problem);
        writer.Rewind(problem.Id, first.Identity.Truncation);
        audits.Drop(problem.Id);
    }

    /// <summary>In a lane only one sample waits: the successor of a problem whose last one does has none yet.</summary>
    private void Remove(OpenProblem successor)
    {
        Revoke(successor);
        ledger.Remove(successor);
        writer.RemoveProblem(successor.Id);
    }

    /// <summary>Another worker goes on with the problem, from a state that is computed again.</summary>
    private void Retake(OpenProblem problem, string worker)
    {
        Revoke(problem);
        problem.Disown();
        problem.Holders.Remove(worker);
        writer.DropHandBack(problem.Id, worker);
        if (!problem.HasHandedBackState) return;
        problem.HasHandedBackState = false;
        writer.DropState(problem.Id);
    }

    private void Revoke(OpenProblem problem)
    {
        if (problem.Owner is { } owner && members.SessionOf(owner) is { } session) outbox.Enqueue(session, new ProblemRevoked(problem.Id));
    }
}
