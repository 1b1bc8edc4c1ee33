using LoptCluster.Coordinator.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Run;

public sealed class DivergenceWatchTests
{
    [Theory]
    [InlineData(2, new[] { 5.0, 1, 2.5, 2.5, 2.5 }, true)]
    [InlineData(2, new[] { 5.0, 1, 2.5, 2.5, 1.9, 2.5, 2.5 }, false)]
    [InlineData(2, new[] { 5.0, 1, 2, 2, 2, 2 }, false)]
    [InlineData(2, new[] { 5.0, 1, 2.5, 2.5, 2.5, 0.5, 0.5 }, true)]
    [InlineData(2, new[] { 9.0, 9, 9, 9, 9 }, false)]
    [InlineData(0, new[] { 1.0, 100, 100, 100, 100 }, false)]
    public void Losses_MultiplesOfTheLowestThreeTimesInARow_AreADivergence(double factor, double[] losses, bool expected)
    {
        var watch = new DivergenceWatch(new RunSpecification { DivergenceFactor = factor, DivergenceEvaluations = 3 });
        foreach (double loss in losses) watch.Note(loss);

        Assert.Equal(expected, watch.HasDiverged);
    }

    /// <summary>Random search tries bad configurations on purpose.</summary>
    [Fact]
    public void Search_NeverDiverges()
    {
        var watch = new DivergenceWatch(
            new RunSpecification { Mode = RunMode.Search, DivergenceFactor = 2, DivergenceEvaluations = 1 });

        watch.Note(1);
        watch.Note(100);

        Assert.False(watch.HasDiverged);
    }
}
