using LoptCluster.Engine.Optimizers.Baselines;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Baselines;

public sealed class WarmupTests
{
    /// <summary>A share is a float in θ: 0.02f · 1000 is below 20.</summary>
    [Theory]
    [InlineData(0.02f, 1000, 20)]
    [InlineData(0.05f, 60, 3)]
    [InlineData(0f, 60, 0)]
    [InlineData(1f, 60, 60)]
    [InlineData(-1f, 60, 0)]
    [InlineData(7f, 60, 60)]
    public void Steps_Share_IsThatOfTheHorizonInWholeSteps(float share, long innerSteps, long expected) =>
        Assert.Equal(expected, Warmup.Steps(share, innerSteps));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0.25)]
    [InlineData(20, 1)]
    [InlineData(60, 0.5)]
    [InlineData(100, 0)]
    [InlineData(1000, 0)]
    public void ThenCosine_Step_IsLinearThenHalfACosine(long t, double expected) =>
        Assert.Equal(expected, Warmup.ThenCosine(0.2, t, 100), 1e-15);

    [Fact]
    public void ThenCosine_NoWarmUp_BeginsAtOne() => Assert.Equal(1, Warmup.ThenCosine(0, 0, 100));

    [Theory]
    [InlineData(0)]
    [InlineData(0.07)]
    [InlineData(1)]
    public void ThenConstant_AnyStep_WeighsItsSquareInTheSumSoFar(double share)
    {
        double sum = 0;
        for (long t = 0; t < 120; t++)
        {
            double expected = share == 0 ? 1 : Math.Min(1, (t + 1) / (100 * share));
            var (factor, weight) = Warmup.ThenConstant(share, t, 100);
            sum += expected * expected;
            Assert.Equal(expected, factor, 1e-12);
            Assert.Equal(expected * expected / sum, weight, 1e-12);
        }
    }
}
