using LoptCluster.Engine.Evaluation.Judgement;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation.Judgement;

public sealed class PerformanceProfileTests
{
    /// <summary>By hand: the best losses of the three tasks are 1, 2 and 4.</summary>
    [Fact]
    public void Ratios_ThreeTasks_AreRelativeToTheBestOfEach()
    {
        double[][] ratios = PerformanceProfile.Ratios([[1, 3, 8], [2, 2, 4], [1, 8, 6]]);
        Assert.Equal([1, 1.5, 2], ratios[0]);
        Assert.Equal([2, 1, 1], ratios[1]);
        Assert.Equal([1, 4, 1.5], ratios[2]);
        Assert.Equal([1 / 3.0, 2 / 3.0, 1], Factors(ratios[0], 1, 1.5, 2));
        Assert.Equal([2 / 3.0, 2 / 3.0, 1], Factors(ratios[1], 1, 1.99, 2));
        Assert.Equal([1 / 3.0, 2 / 3.0, 2 / 3.0, 1], Factors(ratios[2], 1, 1.5, 3.9, 4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void Ratios_BestIsNotAboveZero_OnlyTheBestIsWithinAFactor(double best)
    {
        double[][] ratios = PerformanceProfile.Ratios([[best], [1], [best]]);
        Assert.Equal([1, double.PositiveInfinity, 1], ratios.Select(r => r[0]));
    }

    [Fact]
    public void Factors_RiseFromOne()
    {
        Assert.Equal(1, PerformanceProfile.Factors[0]);
        Assert.Equal(PerformanceProfile.Factors.Order().Distinct(), PerformanceProfile.Factors);
    }

    private static double[] Factors(double[] ratios, params double[] factors) =>
        [.. factors.Select(factor => PerformanceProfile.ShareWithin(ratios, factor))];
}
