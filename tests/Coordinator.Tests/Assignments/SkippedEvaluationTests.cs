using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Assignments;

/// <summary>Evaluations that fall due faster than workers make them.</summary>
public sealed class SkippedEvaluationTests
{
    private const int Versions = 20;

    [Fact]
    public void OnPublished_Asynchronous_NoMoreThanAFewWait() => Assert.InRange(Waiting(RunMode.Asynchronous), 4, 6);

    /// <summary>Which θ is the best must not depend on the speed of the workers.</summary>
    [Fact]
    public void OnPublished_Synchronous_NoneIsSkipped() => Assert.Equal(2 * Versions, Waiting(RunMode.Synchronous));

    /// <summary>A coordinator that was killed had not heard of these evaluations; version 3 is pruned.</summary>
    [Theory]
    [InlineData(RunMode.Synchronous, 2 * (Versions - 2))]
    [InlineData(RunMode.Asynchronous, 0)]
    public void Resume_AfterARestart_MakesWhatIsMissingOfASynchronousRun(RunMode mode, int waiting)
    {
        var schedule = Schedule(mode);
        foreach (var split in Enum.GetValues<ClassSplit>()) schedule.Restore([new StoredEvaluation(0, split, 1, 2, 2, 1)]);
        schedule.Resume(Versions, version => version == 3 ? null : SmallRun.Theta(version).Theta);
        Assert.Equal(waiting, schedule.Jobs.Count);
        Assert.Equal(waiting, schedule.Jobs.OfType<LossEvaluation>().Select(j => (j.Theta!.Version, j.Split)).Distinct().Count());
    }

    /// <returns>Evaluations of θ that wait after so many versions.</returns>
    private static int Waiting(RunMode mode)
    {
        var schedule = Schedule(mode);
        for (int version = 0; version < Versions; version++) schedule.OnPublished(SmallRun.Theta(version).Theta);
        return schedule.Jobs.OfType<LossEvaluation>().Count(job => job.Theta is not null);
    }

    private static EvaluationSchedule Schedule(RunMode mode) =>
        new(SmallRun.Specification with { Mode = mode, EvaluateEveryUpdates = 1 }, outerUpdates: 1000, firstId: 0);
}
