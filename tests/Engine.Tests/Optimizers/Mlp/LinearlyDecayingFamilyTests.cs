using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

/// <summary>An MLP whose steps shrink linearly over the horizon.</summary>
public sealed class LinearlyDecayingFamilyTests() : MlpFamilyContract(OptimizerFamilies.Mlp20)
{
    protected override UpdateSettings Settings => base.Settings with { InnerSteps = 250, StepDecay = StepDecay.Linear };

    protected override long[] Times => [0, 1, 200];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(50, 0.8)]
    [InlineData(249, 0.004)]
    [InlineData(250, 0)]
    [InlineData(1000, 0)]
    public void StepScaleAt_FallsLinearlyToZeroAtTheHorizon(long t, double share) =>
        Assert.Equal(share * Settings.StepScale, Settings.StepScaleAt(t), 1e-12);

    [Fact]
    public void Update_BeyondTheHorizon_LeavesWInPlace()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small);
        sut.Update(c.Theta, Settings.InnerSteps, c.G, c.WNext, c.MNext);
        Assert.Equal(c.W, c.WNext);
        sut.Update(c.Theta, Settings.InnerSteps - 1, c.G, c.WNext, c.MNext);
        Assert.NotEqual(c.W, c.WNext);
    }
}
