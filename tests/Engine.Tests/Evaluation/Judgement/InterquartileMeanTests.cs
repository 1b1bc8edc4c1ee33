using LoptCluster.Engine.Evaluation.Judgement;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation.Judgement;

public sealed class InterquartileMeanTests
{
    /// <summary>As scipy.stats.trim_mean(x, 0.25): a quarter of the values, rounded down, is cut off at each end.</summary>
    [Theory]
    [InlineData(new double[] { 7 }, 7)]
    [InlineData(new double[] { 5, 1, 100 }, 106 / 3.0)]
    [InlineData(new double[] { 4, 1, 3, 100 }, 3.5)]
    [InlineData(new double[] { 9, 2, 8, 3, 7, 4, 6 }, 5.6)]
    [InlineData(new double[] { 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 }, 5.5)]
    public void Of_Values_IsTheMeanOfTheMiddle(double[] values, double expected) =>
        Assert.Equal(expected, InterquartileMean.Of(values), 1e-12);

    [Fact]
    public void Of_InfiniteValues_CountWhereTheyAreNotCutOff()
    {
        Assert.Equal(2.5, InterquartileMean.Of([1, 2, 3, double.PositiveInfinity]));
        Assert.Equal(double.PositiveInfinity, InterquartileMean.Of([1, 2, double.PositiveInfinity, double.PositiveInfinity]));
    }

    [Fact]
    public void Of_NothingOrNaN_IsNaN()
    {
        Assert.Equal(double.NaN, InterquartileMean.Of([]));
        Assert.Equal(double.NaN, InterquartileMean.Of([double.NaN, 1, 2, 3]));
    }
}
