using System.Globalization;
using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Store.Ledger;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.Training;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Loop;

/// <summary>Brings the parts of the run loop to where the run's file stands.</summary>
internal sealed class RunRestorer(
    RunContext run,
    CoordinatorOptions options,
    MembershipTimes times,
    RunReader reader,
    RunPhase phase,
    AuditReader audits,
    AuditBook book,
    QuarantineRegister quarantine,
    ProblemLedger ledger,
    SampleBatch batch,
    OuterTrainer trainer,
    EvaluationSchedule evaluations,
    RunTotals totals,
    TimeProvider time,
    ILogger<RunRestorer> log)
{
    public void Restore()
    {
        var stored = reader.Run(run.Specification.BatchSamples)
            ?? throw new InvalidOperationException("The run has no θ; the run context should have written version 0.");
        trainer.Restore(stored, reader.History(Math.Max(0, stored.State.Theta.Version - UpdateTrend.Memory)));
        ledger.Restore(stored, audits.Quarantine().Select(q => q.Worker).ToHashSet(), time.GetUtcNow() + times.LostWorkerGrace);
        var ended = audits.EndedWithWaitingSamples().ToDictionary(p => p.Id, p => Ended(p.Id, p.Lane, p.Horizon));
        foreach (var sample in stored.Unmerged)
        {
            long problem = sample.Identity.ProblemId;
            batch.Add(new QueuedSample(ledger.Find(problem) ?? ended[problem], sample, time.GetTimestamp()));
        }

        book.Restore(audits);
        quarantine.Restore(audits);
        evaluations.Restore(reader.Evaluations());
        evaluations.Resume(stored.State.Theta.Version, reader.Theta);
        using (var samples = new LedgerReader(options.RunDirectory)) totals.Restore(reader.Counts().With(samples.Pruned()));
        phase.Restore(double.Parse(reader.Value(RunContext.SecondsKey) ?? "0", CultureInfo.InvariantCulture));
        phase.SetPaused(reader.Value(RunContext.PausedKey) == "1");
        CoordinatorLog.RunOpened(log, run.RunId, stored.State.Theta.Version, ledger.Open.Count, batch.Waiting);
    }

    private OpenProblem Ended(long id, int lane, int horizon)
    {
        var problem = ledger.Ended(id, lane, horizon);
        var truncations = audits.Truncations(id);
        problem.Done.AddRange(truncations.Done);
        foreach (var (worker, first) in truncations.Holders) problem.Holders.TryAdd(worker, first);
        return problem;
    }
}
