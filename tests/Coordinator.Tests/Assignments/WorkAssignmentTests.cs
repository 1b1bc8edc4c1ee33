using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Assignments;

public sealed class WorkAssignmentTests
{
    [Fact]
    public void AssignProblems_OnDemand_SharesTheTargetBySlots()
    {
        using var parts = new RunParts();
        var (small, large) = (RunParts.Session("small", slots: 1), RunParts.Session("large", slots: 3));

        parts.Get<WorkAssignment>().AssignProblems([small, large]);

        Assert.Equal((1, 3), (Problems(parts, small).Count, Problems(parts, large).Count));
        Assert.Equal(SmallRun.Batch, parts.Get<ProblemLedger>().Open.Count);
    }

    [Fact]
    public void AssignProblems_WorkerThatOffersThousandsOfSlots_GetsAFewUntilItDelivers()
    {
        using var parts = new RunParts();
        var worker = RunParts.Session("worker", slots: 4096);
        parts.Get<WorkAssignment>().AssignProblems([worker]);
        Assert.Equal(32, Problems(parts, worker).Count);

        worker.Delivered = 1000;
        for (int turn = 0; turn < 5; turn++) parts.Get<WorkAssignment>().AssignProblems([worker]);
        Assert.Equal(2000, Problems(parts, worker).Count);

        worker.Delivered = 10_000;
        for (int turn = 0; turn < 10; turn++) parts.Get<WorkAssignment>().AssignProblems([worker]);
        Assert.Equal(4096, parts.Get<ProblemLedger>().Open.Count);
    }

    /// <summary>It is back without a problem, and may yet send again the sample that ended it.</summary>
    [Fact]
    public void AssignProblems_FixedOnesReservedForAnIdleWorker_AreNotGivenToItAnew()
    {
        using var parts = new RunParts(SmallRun.Synchronous);
        var worker = RunParts.Session("worker", slots: SmallRun.Batch);
        var (work, ledger) = (parts.Get<WorkAssignment>(), parts.Get<ProblemLedger>());
        work.AssignProblems([worker]);
        parts.Flush(worker);
        var until = parts.Time.GetUtcNow() + TimeSpan.FromSeconds(10);
        foreach (var problem in ledger.Open.ToList())
        {
            problem.Release();
            problem.ReserveUntil(until);
        }

        work.AssignProblems([worker]);

        Assert.Empty(parts.Flush(worker));
    }

    /// <summary>A commit of so many rows takes its time: the run loop does something else in between.</summary>
    [Fact]
    public void AssignProblems_ThousandsAtOnce_AreSharedOutOverSeveralTurns()
    {
        using var parts = new RunParts();
        WorkerSession[] workers = [.. Enumerable.Range(0, 100).Select(i => RunParts.Session($"worker-{i}", slots: 12))];
        var counts = new List<int>();
        for (int turn = 0; turn < 4; turn++)
        {
            parts.Get<WorkAssignment>().AssignProblems(workers);
            counts.Add(workers.Sum(w => Problems(parts, w).Count));
        }

        Assert.Equal([500, 500, 200, 0], counts);
        Assert.All(workers, w => Assert.Equal(12, parts.Get<ProblemLedger>().CountOf(w.WorkerId)));
    }

    [Fact]
    public void AssignProblems_HundredsOfLanesOfALostWorker_AreLentOverSeveralTurns()
    {
        using var parts = new RunParts(SmallRun.Synchronous with { BatchSamples = 1200 });
        var (lost, other) = (RunParts.Session("lost", slots: 1200), RunParts.Session("other", slots: 1200));
        (lost.Delivered, other.Delivered) = (1000, 1000);
        var (work, ledger) = (parts.Get<WorkAssignment>(), parts.Get<ProblemLedger>());
        for (int turn = 0; turn < 3; turn++) work.AssignProblems([lost]);
        ledger.Reserve("lost", parts.Time.GetUtcNow() + TimeSpan.FromSeconds(10));

        var counts = new List<int>();
        for (int turn = 0; turn < 4; turn++)
        {
            work.AssignProblems([other]);
            counts.Add(Problems(parts, other).Count);
        }

        Assert.Equal([500, 500, 200, 0], counts);
    }

    [Fact]
    public void AssignProblems_Again_AssignsNothingMore()
    {
        using var parts = new RunParts();
        var worker = RunParts.Session("worker");
        parts.Get<WorkAssignment>().AssignProblems([worker]);
        Assert.Equal(SmallRun.Batch, Problems(parts, worker).Count);

        parts.Get<WorkAssignment>().AssignProblems([worker]);

        Assert.Empty(parts.Flush(worker));
    }

    [Fact]
    public void AssignProblems_FixedOnesThatAreReserved_GoToIdleSlotsAndTheRestWhenTheyExpire()
    {
        using var parts = new RunParts(SmallRun.Synchronous);
        var (lost, other) = (RunParts.Session("lost"), RunParts.Session("other"));
        var (work, ledger) = (parts.Get<WorkAssignment>(), parts.Get<ProblemLedger>());
        work.AssignProblems([lost]);
        parts.Flush(lost);
        ledger.Reserve("lost", parts.Time.GetUtcNow() + TimeSpan.FromSeconds(10));

        work.AssignProblems([other]);
        Assert.Equal(0, Assert.Single(Problems(parts, other)).ProblemId);
        parts.Time.Advance(TimeSpan.FromSeconds(10));
        ledger.ReleaseExpired(parts.Time.GetUtcNow());
        work.AssignProblems([other]);

        Assert.Equal([1, 2, 3], Problems(parts, other).Select(p => p.ProblemId));
    }

    /// <summary>A coordinator and all its workers died: others that come need not wait for those that will not come back.</summary>
    [Fact]
    public void AssignProblems_AllAreReserved_IdleSlotsGetNewOnesAndLaterTheOthers()
    {
        using var parts = new RunParts();
        var (lost, other) = (RunParts.Session("lost"), RunParts.Session("other", slots: 2));
        var (work, ledger) = (parts.Get<WorkAssignment>(), parts.Get<ProblemLedger>());
        work.AssignProblems([lost]);
        ledger.Reserve("lost", parts.Time.GetUtcNow() + TimeSpan.FromSeconds(10));

        work.AssignProblems([other]);
        Assert.Equal([SmallRun.Batch, SmallRun.Batch + 1], Problems(parts, other).Select(p => p.ProblemId));

        parts.Time.Advance(TimeSpan.FromSeconds(11));
        ledger.ReleaseExpired(parts.Time.GetUtcNow());
        work.AssignProblems([other]);
        Assert.Equal(Enumerable.Range(0, SmallRun.Batch - 2).Select(id => (long)id), Problems(parts, other).Select(p => p.ProblemId));
        Assert.Equal(SmallRun.Batch + 2, ledger.Open.Count);
    }

    /// <summary>Each leaves reserved problems behind, and the next one would get new ones.</summary>
    [Fact]
    public void AssignProblems_WorkersThatBreakOffOneAfterTheOther_DoNotOpenProblemsWithoutEnd()
    {
        using var parts = new RunParts();
        var (work, ledger) = (parts.Get<WorkAssignment>(), parts.Get<ProblemLedger>());
        for (int i = 0; i < 20; i++)
        {
            var worker = RunParts.Session($"worker-{i}", slots: SmallRun.Batch);
            work.AssignProblems([worker]);
            ledger.Reserve(worker.WorkerId, parts.Time.GetUtcNow() + TimeSpan.FromSeconds(10));
        }

        Assert.Equal(2 * SmallRun.Batch, ledger.Open.Count);
    }

    [Fact]
    public void Finish_Synchronous_OpensTheSuccessorAtTheLanesNextVersion()
    {
        using var parts = new RunParts(SmallRun.Synchronous);
        var worker = RunParts.Session("worker");
        var (work, ledger) = (parts.Get<WorkAssignment>(), parts.Get<ProblemLedger>());
        work.AssignProblems([worker]);
        Assert.All(Problems(parts, worker), p => Assert.Equal(0, p.NotBeforeVersion));
        var ended = ledger.Find(2)!;
        Assert.True(ledger.Advance(ended, Fabricated.Sample(2, 0, version: 5) with { ProblemFinished = true }));

        work.Finish(ended);
        work.AssignProblems([worker]);

        var successor = Assert.Single(Problems(parts, worker));
        Assert.Equal((2 + SmallRun.Batch, 2, 6), (successor.ProblemId, successor.Lane, successor.NotBeforeVersion));
    }

    [Fact]
    public void AssignEvaluations_GoToTheWorkerWithTheFewestForItsSlots()
    {
        using var parts = new RunParts(SmallRun.Specification with { EvaluateEveryUpdates = 1 });
        var (small, large) = (RunParts.Session("small", slots: 1), RunParts.Session("large", slots: 3));
        parts.Get<EvaluationSchedule>().OnPublished(new ThetaSnapshot(0, default));

        parts.Get<WorkAssignment>().AssignEvaluations([small, large]);

        int Count(WorkerSession s) => parts.Flush(s).Count(m => m.Assignment?.Evaluation is not null);
        Assert.Equal((1, 3), (Count(small), Count(large)));
    }

    private static List<InnerProblem> Problems(RunParts parts, WorkerSession session) =>
        [.. parts.Flush(session).Select(m => m.Assignment?.Problem).OfType<InnerProblem>()];
}
