using System.Globalization;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Replay;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.Training;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Intake;

/// <summary>
/// What becomes of a sample that was computed again: it agrees, or a third worker decides. Of those who computed a sample, the first two
/// that agree are right, and the others wrong.
/// </summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
internal sealed class AuditIntake(
    SampleInspector inspector, AuditBook book, WorkerQuarantine quarantine, OuterTrainer trainer, Refusals refusals, TimeProvider time,
    ILogger<AuditIntake> log)
{
    public void OnResult(WorkerEntry worker, AuditReceived received)
    {
        var (id, host) = (worker.Session.WorkerId, worker.Session.Host);
        if (book.Find(received.AuditId, id) is not { } audit) return;
        var sample = received.Sample.Sample;
        if (inspector.Inspect(received.Sample, trainer.Theta.Version) is { } refusal)
        {
            refusals.Refuse(worker.Session, refusal);
            audit.NoteFailure(id);
            book.Release(audit);
            return;
        }

        worker.NoteDelivered();
        audit.MovedAt = time.GetUtcNow();
        if (!audit.IsNext(sample.Identity, out var claim)) return;
        var result = new StoredClaim(sample, id, host, audit.MovedAt);
        if (audit.IsDisputed) Decide(audit, result);
        else if (SampleComparison.Difference(claim.Sample, sample) is { } difference) Dispute(audit, claim, result, difference);
        else book.Settle(audit);
    }

    private void Dispute(Audit audit, StoredClaim claim, StoredClaim result, string difference)
    {
        CoordinatorLog.SamplesDiffer(
            log, claim.Sample.Identity.ProblemId, claim.Sample.Identity.Truncation, claim.Worker, result.Worker, difference);
        book.Dispute(audit, result);
    }

    private void Decide(Audit audit, StoredClaim result)
    {
        var agrees = audit.Disputed.Find(c => SampleComparison.Difference(c.Sample, result.Sample) is null);
        if (agrees is null)
        {
            book.Dispute(audit, result);
            return;
        }

        StoredClaim[] wrong = [.. audit.Disputed.Where(c => c != agrees)];
        if (agrees.Place == 0) book.Settle(audit);
        else book.Drop(audit.ProblemId);
        foreach (var claim in wrong) quarantine.Impose(claim, Finding(claim, agrees, result), audit.MovedAt);
    }

    private static string Finding(StoredClaim wrong, StoredClaim right, StoredClaim third)
    {
        var (problem, truncation) = wrong.Sample.Identity;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Sample {problem}/{truncation}, recorded by '{wrong.Worker}' on '{wrong.Host}' and computed alike by '{right.Worker}' on "
                + $"'{right.Host}' and '{third.Worker}' on '{third.Host}': {SampleComparison.Difference(wrong.Sample, right.Sample)}.");
    }
}
