using LoptCluster.Cli.Screen;
using Xunit;

namespace LoptCluster.Cli.Tests.Screen;

public sealed class SparklineTests
{
    [Fact]
    public void Of_EightLevels_UsesEveryBlock() => Assert.Equal("▁▂▃▄▅▆▇█", Sparkline.Of([0, 1, 2, 3, 4, 5, 6, 7], 8));

    /// <summary>A huge first loss leaves the rest its shape; without one, the whole fall is shown.</summary>
    [Theory]
    [InlineData(new[] { 1e9, 100, 10, 1, 0.1, 0.01 }, "███▆▃▁")]
    [InlineData(new[] { 2.4, 1.2, 0.7, 0.6, 0.62, 0.6 }, "█▅▂▁▁▁")]
    public void Of_FallingLosses_ShowsTheLastDecades(double[] values, string expected) => Assert.Equal(expected, Sparkline.Of(values, 6));

    [Fact]
    public void Of_MoreValuesThanColumns_AveragesShares() => Assert.Equal("█▁", Sparkline.Of([9, 7, 8, 0, 1, 0.5], 2));

    [Theory]
    [InlineData(new double[0], "")]
    [InlineData(new[] { 3.0 }, "▁")]
    [InlineData(new[] { 3.0, 3.0 }, "▁▁")]
    [InlineData(new[] { 1.0, double.NaN, double.PositiveInfinity, 2.0 }, "▁█")]
    public void Of_FewOrOddValues_ShowsWhatThereIs(double[] values, string expected) => Assert.Equal(expected, Sparkline.Of(values, 10));

    [Fact]
    public void LossHistory_LongRun_StaysBoundedAndKeepsTheFirstValue()
    {
        var history = new LossHistory();
        for (int i = 1; i <= 100_000; i++) history.Add(ScreenRuns.Running(i, 10.0 / i));

        Assert.InRange(history.Values.Count, 200, 512);
        Assert.Equal(10.0, history.Values[0]);
        Assert.InRange(history.Values[^1], 10.0 / 100_000, 10.0 / 99_000);
    }

    [Fact]
    public void LossHistory_SameUpdateAgain_IsCountedOnce()
    {
        var history = new LossHistory();
        history.Add(ScreenRuns.Running(5));
        history.Add(ScreenRuns.Running(5));

        Assert.Single(history.Values);
    }
}
