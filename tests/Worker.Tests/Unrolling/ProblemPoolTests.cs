using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Reports;
using LoptCluster.Worker.Unrolling;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class ProblemPoolTests
{
    private static readonly InnerState State = new()
    {
        ProblemId = 7,
        Horizon = 40,
        NextTruncation = 3,
        InnerStep = 30,
        Particles = [new Particle([1, 2], [3])],
    };

    [Fact]
    public void TryDequeue_BeforeTheta_GivesNothing()
    {
        var pool = new ProblemPool();
        pool.Add(FromStart(1));
        Assert.Null(pool.TryDequeue());
    }

    [Fact]
    public void TryDequeue_SeveralReady_GivesEachOnceInOrder()
    {
        var pool = CreateSut(FromStart(4), FromStart(2), FromStart(9));
        Assert.Equal([4, 2, 9], DequeueAll(pool));
    }

    [Fact]
    public void TryDequeue_Paused_GivesNothingUntilResumed()
    {
        var pool = CreateSut(FromStart(1));
        pool.Paused = true;
        Assert.Null(pool.TryDequeue());
        pool.Paused = false;
        Assert.Equal([1], DequeueAll(pool));
    }

    [Fact]
    public void TryDequeue_FirstWaitsForALaterTheta_GivesTheNextInTurn()
    {
        var pool = CreateSut(FromStart(1) with { EarliestVersion = 2 }, FromStart(2));
        Assert.Equal([2], DequeueAll(pool));
        pool.UpdateTheta(SmallRun.Theta(2));
        Assert.Equal([1], DequeueAll(pool));
    }

    [Fact]
    public void UpdateTheta_Older_IsIgnored()
    {
        var pool = CreateSut(FromStart(1));
        var newest = SmallRun.Theta(3);
        pool.UpdateTheta(newest);
        pool.UpdateTheta(SmallRun.Theta(2));
        Assert.Same(newest, pool.TryDequeue()!.Theta);
    }

    [Fact]
    public void Complete_Unfinished_PutsTheProblemAtTheEndOfTheTurnAtItsNewPosition()
    {
        var pool = CreateSut(FromStart(1), FromStart(2));
        Assert.True(pool.Complete(pool.TryDequeue()!.Problem, Samples.Of(1, 0), 0));
        Assert.Equal([2, 1], DequeueAll(pool));
        Assert.Equal([new ProblemPosition(1, 1, 10), new ProblemPosition(2, 0, 0)], pool.Positions.OrderBy(p => p.ProblemId));
    }

    [Fact]
    public void Complete_EarliestVersionAhead_KeepsTheProblemWaitingForIt()
    {
        var pool = CreateSut(FromStart(1));
        pool.Complete(pool.TryDequeue()!.Problem, Samples.Of(1, 0), 1);
        Assert.Null(pool.TryDequeue());
        pool.UpdateTheta(SmallRun.Theta(1));
        Assert.NotNull(pool.TryDequeue());
    }

    [Fact]
    public void Complete_Finished_RemovesTheProblem()
    {
        var pool = CreateSut(FromStart(1));
        Assert.True(pool.Complete(pool.TryDequeue()!.Problem, Samples.Of(1, 3, finished: true), 0));
        Assert.Equal(0, pool.Count);
        Assert.Null(pool.TryDequeue());
    }

    [Fact]
    public void Complete_RevokedMeanwhile_SaysSoAndLeavesTheNewAssignmentAlone()
    {
        var pool = CreateSut(FromStart(1));
        var old = pool.TryDequeue()!.Problem;
        pool.Revoke(1);
        pool.Add(FromStart(1));
        Assert.False(pool.Complete(old, Samples.Of(1, 0), 0));
        Assert.Equal([new ProblemPosition(1, 0, 0)], pool.Positions);
        Assert.NotSame(old, pool.TryDequeue()!.Problem);
    }

    [Fact]
    public void Revoke_Ready_IsNeverDequeued()
    {
        var pool = CreateSut(FromStart(1), FromStart(2));
        pool.Revoke(1);
        Assert.Equal([2], DequeueAll(pool));
    }

    [Fact]
    public void Positions_NewAssignments_AreWhereTheirStatesAre()
    {
        var recomputed = new StateOrigin.Recomputed(
            [new RecomputedTruncation(10, SmallRun.Theta(0).Theta), new RecomputedTruncation(15, SmallRun.Theta(1).Theta)]);
        var pool = CreateSut(FromStart(1), new(7, new StateOrigin.HandedBack(State), 0), new(8, recomputed, 0));
        Assert.Equal([new(1, 0, 0), new(7, 3, 30), new ProblemPosition(8, 2, 25)], pool.Positions);
    }

    [Fact]
    public void HandBack_NotBegun_GivesTheStateItCameWith()
    {
        var pool = CreateSut(FromStart(1), new(7, new StateOrigin.HandedBack(State), 0, Id: 4));
        Assert.Equal([new UnfinishedProblem(State, 4)], pool.HandBack());
    }

    [Fact]
    public void HandBack_Running_IsLeftOutUntilReleased()
    {
        var pool = CreateSut(FromStart(1));
        var problem = pool.TryDequeue()!.Problem;
        var (_, state) = EngineSamples.Compute(SmallRun.Long, 1, 0);
        problem.State = state;
        Assert.Empty(pool.HandBack());
        ProblemPool.Release(problem);
        var handedBack = Assert.Single(pool.HandBack()).State;
        Assert.Equal((1, 1, SmallRun.Steps), (handedBack.ProblemId, handedBack.NextTruncation, handedBack.InnerStep));
        Assert.Same(state, handedBack);
    }

    private static ProblemAssignment FromStart(long id) => new(id, StateOrigin.FromStart.Instance, 0);

    private static ProblemPool CreateSut(params IEnumerable<ProblemAssignment> assignments)
    {
        var pool = new ProblemPool();
        pool.UpdateTheta(SmallRun.Theta(0));
        foreach (var assignment in assignments) pool.Add(assignment);
        return pool;
    }

    private static List<long> DequeueAll(ProblemPool pool)
    {
        var ids = new List<long>();
        while (pool.TryDequeue() is { } work) ids.Add(work.Problem.Id);
        return ids;
    }
}
