using LoptCluster.Coordinator.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Run;

public sealed class RunModeTests
{
    [Theory]
    [InlineData(null, 0)]
    [InlineData(0L, 1)]
    [InlineData(6L, 7)]
    public void Synchronous_Lane_AcceptsTheVersionAfterItsLastAlone(long? laneVersion, long next)
    {
        var mode = new SynchronousMode(lanes: 4);

        Assert.Equal(next, mode.NotBeforeVersion(laneVersion));
        Assert.Equal([next], Enumerable.Range(0, 10).Select(v => (long)v).Where(v => mode.Accepts(v, laneVersion)));
    }

    [Fact]
    public void Synchronous_OneProblemPerLane_FollowedByOneOfTheSameLane()
    {
        var mode = new SynchronousMode(lanes: 4);

        Assert.Equal((4, false, 0), (mode.FirstProblems, mode.OpensOnDemand, mode.LeastRpSamples));
        Assert.Equal(6, mode.SuccessorOf(2));
        Assert.Equal([0, 1, 2], mode.InMergeOrder([2, 0, 1], lane => lane));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(6L)]
    public void Asynchronous_Lane_AcceptsAnyVersion(long? laneVersion)
    {
        var mode = new AsynchronousMode(leastRpSamples: 3);

        Assert.Equal(0, mode.NotBeforeVersion(laneVersion));
        Assert.All([0L, 6L, 7L, 100L], version => Assert.True(mode.Accepts(version, laneVersion)));
    }

    [Fact]
    public void Asynchronous_ProblemsOnDemand_MergedInOrderOfArrival()
    {
        var mode = new AsynchronousMode(leastRpSamples: 3);

        Assert.Equal((0, true, 3), (mode.FirstProblems, mode.OpensOnDemand, mode.LeastRpSamples));
        Assert.Null(mode.SuccessorOf(2));
        Assert.Equal([2, 0, 1], mode.InMergeOrder([2, 0, 1], lane => lane));
    }

    [Fact]
    public void Of_EachModeOfASpecification()
    {
        Assert.Equal(SmallRun.Batch, Assert.IsType<SynchronousMode>(IRunMode.Of(SmallRun.Synchronous)).FirstProblems);
        Assert.Equal(
            0, Assert.IsType<AsynchronousMode>(IRunMode.Of(SmallRun.Specification with { RpShare = RpSharePolicy.All })).LeastRpSamples);
        var adaptive = IRunMode.Of(SmallRun.Specification with { RpShare = RpSharePolicy.Adaptive });
        Assert.Equal(RunSpecification.LeastRpSamples, adaptive.LeastRpSamples);
    }
}
