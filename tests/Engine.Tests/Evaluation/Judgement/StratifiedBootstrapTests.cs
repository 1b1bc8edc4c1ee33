using LoptCluster.Engine.Evaluation.Judgement;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation.Judgement;

public sealed class StratifiedBootstrapTests
{
    private static readonly double[] Values = [.. Enumerable.Range(0, 40).Select(i => ((i * i % 37) / 10.0) + (i * 0.05))];

    /// <summary>Limits by 200,000 resamples of a separate implementation. Those of 2,000 scatter around them with a std of 0.015.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void InterquartileMeanOf_FortyTasks_HasTheIntervalOfManyResamples(long seed)
    {
        var estimate = new StratifiedBootstrap(40, [], seed).InterquartileMeanOf(Values);
        Assert.Equal(2.6775, estimate.Value, 1e-12);
        Assert.Equal(2.1725, estimate.Lower, 0.06);
        Assert.Equal(3.2075, estimate.Upper, 0.06);
    }

    /// <summary>Of two tasks, a quarter of the resamples are the first twice, and a quarter the second.</summary>
    [Fact]
    public void InterquartileMeanOf_TwoTasks_ReachesFromOneToTheOther() =>
        Assert.Equal(new Estimate(2, 1, 3), new StratifiedBootstrap(2, [], seed: 5).InterquartileMeanOf([3, 1]));

    [Fact]
    public void InterquartileMeanOf_KindsOfOneValueEach_HasNoSpread()
    {
        double[] values = [0, 1, 0, 1, 0, 1, 0, 1];
        string[] kinds = ["a", "b", "a", "b", "a", "b", "a", "b"];
        Assert.Equal(new Estimate(0.5, 0.5, 0.5), new StratifiedBootstrap(8, kinds, seed: 1).InterquartileMeanOf(values));
        Assert.NotEqual(new Estimate(0.5, 0.5, 0.5), new StratifiedBootstrap(8, [], seed: 1).InterquartileMeanOf(values));
    }

    [Fact]
    public void InterquartileMeanOf_SameSeed_IsTheSame()
    {
        var once = new StratifiedBootstrap(40, [], seed: 7);
        var first = once.InterquartileMeanOf(Values);
        once.InterquartileMeanOf([.. Values.Select(v => -v)]);
        Assert.Equal(first, once.InterquartileMeanOf(Values));
        Assert.Equal(first, new StratifiedBootstrap(40, [], seed: 7).InterquartileMeanOf(Values));
        Assert.NotEqual(first, new StratifiedBootstrap(40, [], seed: 8).InterquartileMeanOf(Values));
    }

    [Fact]
    public void InterquartileMeanOf_NaN_HasNoNumbers()
    {
        var estimate = new StratifiedBootstrap(3, [], seed: 1).InterquartileMeanOf([1, double.NaN, 2]);
        Assert.Equal(new Estimate(double.NaN, double.NaN, double.NaN), estimate);
    }
}
