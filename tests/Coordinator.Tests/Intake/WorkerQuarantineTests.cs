using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Intake;

/// <summary>What becomes of the samples and problems of a worker that is not believed any more.</summary>
public sealed class WorkerQuarantineTests
{
    [Fact]
    public void Impose_WaitingSamples_AreDroppedAndTheirProblemsGoToOthersFromWhatIsMerged()
    {
        using var play = new PlayedRun(SmallRun.Specification, "a", "b");
        // A whole batch is merged; then each worker has sent one sample more.
        foreach (string worker in (string[])["a", "b"])
            foreach (var problem in play.Problems(worker)) play.Give(worker, problem, version: 0);
        Assert.Equal(1, play.Update());
        var mine = play.Problems("a").ToList();
        foreach (string worker in (string[])["a", "b"]) play.Give(worker, play.Problems(worker).First(), version: 1);

        play.Impose("a");

        Assert.Equal(["b"], play.Waiting());
        Assert.Equal(5, play.Parts.Get<RunTotals>().Accepted);
        var reject = Assert.Single(play.Heard("a"), m => m.Reject is not null).Reject;
        Assert.Equal((RejectReason.Quarantined, true), (reject.Reason, reject.Fatal));
        // Both of its problems go on after their merged sample, at a state that is computed again.
        var moved = play.Reassign("b").ToDictionary(p => p.Id);
        Assert.All(mine, p => Assert.Equal((1, SmallRun.Steps), (moved[p.Id].NextTruncation, moved[p.Id].InnerStep)));
        Assert.All(mine, p => Assert.IsType<StateOrigin.Recomputed>(moved[p.Id].Origin));
        play.Give("b", moved[mine[0].Id], version: 1);
        Assert.Equal(["b", "b"], play.Waiting());
        Assert.Equal(1, play.Parts.Get<QuarantineRegister>().All.Single().Dropped);
    }

    /// <summary>
    /// In a lane the problem that had ended goes on, and the one after it has not begun; then θ is what it is without the worker.
    /// </summary>
    [Fact]
    public void Impose_EndedProblemOfALane_GoesOnAndThetaIsTheSame()
    {
        var specification = SmallRun.Synchronous with { InnerSteps = SmallRun.Steps };
        using var honest = new PlayedRun(specification, "b");
        foreach (var problem in honest.Problems("b").ToList()) honest.Give("b", problem, version: 0);
        honest.Update();
        using var play = new PlayedRun(specification, "a", "b");
        var given = play.Problems("a").First();
        play.Give("a", given, version: 0);
        Assert.NotNull(play.Parts.Get<ProblemLedger>().Find(given.Id + SmallRun.Batch));

        play.Impose("a");

        Assert.Null(play.Parts.Get<ProblemLedger>().Find(given.Id + SmallRun.Batch));
        Assert.Empty(play.Waiting());
        var own = play.Problems("b").ToList();
        var moved = play.Reassign("b").ToList();
        Assert.Contains(moved, p => p.Id == given.Id && p.NextTruncation == 0);
        foreach (var problem in own.Concat(moved)) play.Give("b", problem, version: 0);
        Assert.Equal(1, play.Update());
        Assert.Equal(honest.Theta, play.Theta);
        Assert.NotNull(play.Parts.Get<ProblemLedger>().Find(given.Id + SmallRun.Batch));
    }

    /// <summary>Another went on from a state that the worker had handed back: its samples are not believed either.</summary>
    [Fact]
    public void Impose_SamplesFromAStateThatItHandedBack_AreDroppedToo()
    {
        using var play = new PlayedRun(SmallRun.Specification, "a", "b");
        var problem = play.Problems("a").First();
        play.Give("a", problem, version: 0);
        play.HandBack("a", problem);
        var taken = play.Reassign("b").Single(p => p.Id == problem.Id);
        Assert.IsType<StateOrigin.HandedBack>(taken.Origin);
        play.Give("b", taken, version: 0);
        play.Give("b", play.Problems("b").First(p => p.Id != problem.Id), version: 0);
        Assert.Equal(["a", "b", "b"], play.Waiting());

        play.Impose("a");

        Assert.Equal(["b"], play.Waiting());
        // Should it connect again before the problem has another owner, it may not go on with what it has.
        Assert.False(play.Parts.Get<ProblemLedger>().Find(problem.Id)!.MayBeClaimedBy("b", 0));
        Assert.Contains(play.Heard("b"), m => m.Revoke?.ProblemId == problem.Id);
        Assert.Contains(play.Reassign("b"), p => p.Id == problem.Id && p.NextTruncation == 0);
    }

    /// <summary>Who goes on with a problem that was gone back with has it from there, not from where it had once begun.</summary>
    [Fact]
    public void Impose_WorkerThatHadTheProblemBefore_ItsEarlierSamplesAreDroppedToo()
    {
        using var play = new PlayedRun(SmallRun.Specification, "a", "b");
        var problem = play.Problems("a").First();
        play.Give("a", problem, version: 0);
        play.HandBack("a", problem);
        var later = play.Reassign("b").Single(p => p.Id == problem.Id);
        Assert.Equal(1, later.NextTruncation);
        play.Impose("a");
        play.Give("b", play.Reassign("b").Single(p => p.Id == problem.Id), version: 0);
        Assert.Equal(["b"], play.Waiting());

        play.Impose("b");

        Assert.Empty(play.Waiting());
    }

    /// <summary>Of a worker that only handed back a state there is no sample: what others made of it is known all the same.</summary>
    [Fact]
    public void Impose_AfterARestart_SamplesFromAStateThatItOnlyHandedBack_AreDropped()
    {
        using var folder = new TemporaryFolder();
        using (var play = new PlayedRun(folder.Path, SmallRun.Specification, "a", "b"))
        {
            var problem = play.Problems("a").First();
            play.HandBack("a", problem);
            play.Give("b", play.Reassign("b").Single(p => p.Id == problem.Id), version: 0);
            play.Give("b", play.Problems("b").First(p => p.Id != problem.Id), version: 0);
        }

        using var again = new PlayedRun(folder.Path, SmallRun.Specification, "b");
        Assert.Equal(["b", "b"], again.Waiting());

        again.Impose("a");

        Assert.Equal(["b"], again.Waiting());
    }

    /// <summary>The host is in quarantine; who was there before has no sample that an audit found right yet.</summary>
    [Fact]
    public void Inspect_AfterARestart_WorkersThatWereThereBefore_MayJoinAndNewOnesOfTheHostMayNot()
    {
        using var folder = new TemporaryFolder();
        using (var play = new PlayedRun(folder.Path, SmallRun.Specification, "a", "b", "idle"))
        {
            play.Give("b", play.Problems("b").First(), version: 0);
            play.Impose("a");
        }

        using var again = new PlayedRun(folder.Path, SmallRun.Specification);

        var register = again.Parts.Get<QuarantineRegister>();
        Assert.Equal(RefusalReason.Quarantined, register.Inspect("a", "host")!.Value.Reason);
        Assert.Null(register.Inspect("b", "host"));
        Assert.Null(register.Inspect("idle", "host"));
        Assert.Contains("host 'host' is, with worker id 'a', quarantined", register.Inspect("new", "host")!.Value.Detail);
        Assert.Null(register.Inspect("new", "elsewhere"));
    }
}
