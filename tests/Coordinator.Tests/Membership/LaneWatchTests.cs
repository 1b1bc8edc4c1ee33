using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Membership;

public sealed class LaneWatchTests : IDisposable
{
    private readonly WorkerSession _session = RunParts.Session("idle");
    private RunParts _parts = new();

    private LaneWatch Sut => _parts.Get<LaneWatch>();

    private WorkerEntry Worker => _parts.Get<Members>().Find(_session)!;

    public void Dispose() => _parts.Dispose();

    [Fact]
    public void OnTick_ProblemThatNeverMoves_IsTakenAwayAndItsWorkerGetsNoOther()
    {
        var problem = Join();
        Pass(LaneWatch.FirstLimit);
        Assert.Equal("idle", problem.Owner);

        Pass(TimeSpan.FromSeconds(30));

        Assert.Null(problem.Owner);
        Assert.True(Worker.Stalled);
        Assert.Empty(_parts.Get<Members>().Available);
        Assert.Equal(problem.Id, Assert.Single(_parts.Flush(_session), m => m.Revoke is not null).Revoke.ProblemId);
    }

    [Fact]
    public void OnTick_FleetThatTakesTenSecondsASample_WaitsForMinutes()
    {
        var problem = Join();
        for (int truncation = 0; truncation < 3; truncation++) Move(problem, truncation, TimeSpan.FromSeconds(10));
        var limit = LaneWatch.LeastLimit + (LaneWatch.Patience * TimeSpan.FromSeconds(10));
        Pass(limit - TimeSpan.FromSeconds(20));
        Assert.Equal("idle", problem.Owner);

        Pass(TimeSpan.FromSeconds(40));

        Assert.Null(problem.Owner);
    }

    [Fact]
    public void OnTick_ProblemThatIsRecomputed_MayTakeLongerByWhatWasDone()
    {
        var problem = Join();
        for (int truncation = 0; truncation < 3; truncation++) Move(problem, truncation, TimeSpan.FromSeconds(10));
        problem.AssignTo("idle again");
        var other = RunParts.Session("idle again");
        _parts.Get<Members>().OnJoined(other);
        Pass(LaneWatch.LeastLimit + (3.9 * LaneWatch.Patience * TimeSpan.FromSeconds(10)));
        Assert.Equal("idle again", problem.Owner);

        Pass(LaneWatch.Patience * TimeSpan.FromSeconds(2));

        Assert.Null(problem.Owner);
    }

    [Fact]
    public void OnTick_PausedRunOrEvaluatingWorker_IsNotJudged()
    {
        var problem = Join();
        Pass(2 * LaneWatch.FirstLimit, holds: true);
        Assert.Equal("idle", problem.Owner);

        _parts.Dispose();
        _parts = new RunParts(SmallRun.Specification with { EvaluateEveryUpdates = 1 });
        problem = Join();
        var evaluations = _parts.Get<EvaluationSchedule>();
        evaluations.OnPublished(SmallRun.Theta(0).Theta);
        evaluations.Jobs[0].AssignTo("idle");
        Pass(2 * LaneWatch.FirstLimit);
        Assert.Equal("idle", problem.Owner);
    }

    [Fact]
    public void OnTick_SynchronousLaneThatWaitsForTheNextTheta_IsNotJudged()
    {
        _parts.Dispose();
        _parts = new RunParts(SmallRun.Specification with { Mode = RunMode.Synchronous });
        var problem = Join();
        Move(problem, 0, TimeSpan.FromSeconds(10));

        Pass(2 * LaneWatch.FirstLimit);
        Assert.Equal("idle", problem.Owner);

        // Ten seconds a sample, as was seen above.
        Pass(LaneWatch.LeastLimit + (LaneWatch.Patience * TimeSpan.FromSeconds(10)), version: 1);
        Assert.Equal("idle", problem.Owner);
        Pass(TimeSpan.FromSeconds(30), version: 1);
        Assert.Null(problem.Owner);
    }

    private OpenProblem Join()
    {
        _parts.Get<Members>().OnJoined(_session);
        var problem = _parts.Get<ProblemLedger>().Add(0);
        _parts.Get<RunWriter>().AddProblem(problem.Id, problem.Lane, problem.Horizon);
        problem.AssignTo("idle");
        return problem;
    }

    private void Move(OpenProblem problem, int truncation, TimeSpan after)
    {
        Look(version: 0, holds: false);
        _parts.Time.Advance(after);
        _parts.Get<ProblemLedger>().Advance(problem, Fabricated.Sample(problem.Id, truncation));
        Look(version: 0, holds: false);
    }

    private void Pass(TimeSpan time, bool holds = false, long version = 0)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(10))
        {
            Look(version, holds);
            _parts.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Look(version, holds);
    }

    private void Look(long version, bool holds) => Sut.OnTick(_parts.Get<Members>().Connected, version, holds);
}
