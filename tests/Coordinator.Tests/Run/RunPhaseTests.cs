using LoptCluster.Coordinator.Run;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Run;

public sealed class RunPhaseTests
{
    private const long Updates = 10;
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly RunPhase _sut = new(Updates, exitWhenFinished: false, TimeSpan.FromSeconds(120), Noon);

    [Fact]
    public void Advance_WorkersComeAndGo_RunsAndWaits()
    {
        Assert.Equal(RunStage.WaitingForWorkers, _sut.Stage);
        Advance(workers: 1);
        Assert.Equal((RunStage.Running, true, false), (_sut.Stage, _sut.AssignsProblems, _sut.HoldsTruncations));
        Advance(workers: 0);
        Assert.Equal(RunStage.WaitingForWorkers, _sut.Stage);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Stage_Paused_IsShownWithAndWithoutWorkers(int workers)
    {
        Advance(workers);

        Assert.True(_sut.SetPaused(true));
        Assert.False(_sut.SetPaused(true));

        Assert.Equal((RunStage.Paused, true), (_sut.Stage, _sut.HoldsTruncations));
        Assert.True(_sut.SetPaused(false));
        Assert.NotEqual(RunStage.Paused, _sut.Stage);
    }

    /// <summary>A run whose evaluations are its work waits for workers, and its pause holds evaluations too.</summary>
    [Fact]
    public void Advance_EvaluationsAreTheWork_WaitsForThemWithoutLimit()
    {
        var comparison = new RunPhase(0, exitWhenFinished: false, TimeSpan.MaxValue, Noon);
        comparison.Advance(Noon, workers: 1, version: 0, openEvaluations: 5);
        Assert.Equal((RunStage.Running, true), (comparison.Stage, comparison.AssignsEvaluations));
        comparison.SetPaused(true);
        Assert.Equal((RunStage.Paused, false), (comparison.Stage, comparison.AssignsEvaluations));
        comparison.SetPaused(false);

        comparison.Advance(Noon.AddDays(9), workers: 0, version: 0, openEvaluations: 5);
        Assert.Equal(RunStage.WaitingForWorkers, comparison.Stage);

        Assert.Equal(PhaseChange.Finished, comparison.Advance(Noon.AddDays(10), workers: 0, version: 0, openEvaluations: 0));
    }

    [Fact]
    public void AssignsEvaluations_PausedTraining_StillDoes()
    {
        Advance(workers: 1);
        _sut.SetPaused(true);
        Assert.True(_sut.AssignsEvaluations);
    }

    [Fact]
    public void Stage_PausedWhileDraining_IsDraining()
    {
        _sut.SetPaused(true);
        _sut.Drain(stopsProcess: true);
        Assert.Equal(RunStage.Draining, _sut.Stage);
    }

    [Fact]
    public void Seconds_CountOnlyWhileRunning()
    {
        _sut.Restore(100);
        _sut.ReadClock(Noon.AddSeconds(1));
        Advance(workers: 1);
        _sut.ReadClock(Noon.AddSeconds(4));
        _sut.SetPaused(true);
        _sut.ReadClock(Noon.AddSeconds(10));
        _sut.SetPaused(false);
        _sut.ReadClock(Noon.AddSeconds(12));
        Assert.Equal(105, _sut.Seconds);
    }

    [Fact]
    public void Advance_LastUpdateWithOpenEvaluations_WaitsForThemButNotForever()
    {
        Advance(workers: 1);
        Assert.Equal(PhaseChange.TrainingEnded, Advance(1, Updates, openEvaluations: 2));
        Assert.True(_sut.AwaitsEvaluations);
        Assert.True(_sut.HoldsTruncations);
        Assert.Equal(PhaseChange.None, Advance(1, Updates, openEvaluations: 1, seconds: 119));
        Assert.Equal(PhaseChange.Finished, Advance(1, Updates, openEvaluations: 1, seconds: 120));
        Assert.Equal((RunStage.Finished, true, false), (_sut.Stage, _sut.Dismisses, _sut.AssignsProblems));
    }

    [Fact]
    public void Advance_LastUpdateWithoutEvaluations_FinishesAtOnceAndOnce()
    {
        Advance(workers: 1);
        Assert.Equal(PhaseChange.Finished, Advance(1, Updates));
        Assert.Equal(PhaseChange.None, Advance(1, Updates));
    }

    [Fact]
    public void Drain_ByAnOperator_StopsTheProcessOnceWorkersHaveLeft()
    {
        Advance(workers: 1);
        Assert.True(_sut.Drain(stopsProcess: true));
        Assert.False(_sut.Drain(stopsProcess: true));
        _sut.NoteWorkers(1);
        Assert.False(_sut.Drained.IsCompleted);

        _sut.NoteWorkers(0);

        Assert.True(_sut.Drained.IsCompleted);
        Assert.True(_sut.StopRequested.IsCompleted);
        Assert.False(_sut.ComesBack);
    }

    [Fact]
    public void Drain_BecauseTheProcessStops_LetsWorkersComeBackAndAsksForNoStop()
    {
        Advance(workers: 1);
        _sut.Drain(stopsProcess: false);
        _sut.NoteWorkers(0);

        Assert.True(_sut.ComesBack);
        Assert.True(_sut.Drained.IsCompleted);
        Assert.False(_sut.StopRequested.IsCompleted);
    }

    [Fact]
    public void Drain_AfterTheEnd_StaysFinishedAndNoWorkerNeedsToComeBack()
    {
        Advance(1, Updates);
        Assert.True(_sut.Drain(stopsProcess: false));
        Assert.Equal((RunStage.Finished, false), (_sut.Stage, _sut.ComesBack));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NoteWorkers_FinishedWithoutWorkers_StopsTheProcessWhereThatIsAskedFor(bool exitWhenFinished)
    {
        var sut = new RunPhase(Updates, exitWhenFinished, TimeSpan.FromSeconds(120), Noon);
        sut.Advance(Noon, 1, Updates, 0);
        sut.NoteWorkers(0);
        Assert.Equal(exitWhenFinished, sut.StopRequested.IsCompleted);
    }

    [Fact]
    public void NoteWorkers_NoneWhileTraining_EndsNothing()
    {
        _sut.NoteWorkers(0);
        Assert.False(_sut.Drained.IsCompleted);
    }

    private PhaseChange Advance(int workers, long version = 0, int openEvaluations = 0, double seconds = 0) =>
        _sut.Advance(Noon.AddSeconds(seconds), workers, version, openEvaluations);
}
