using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

/// <summary>An MLP whose time inputs count the share of the horizon.</summary>
public sealed class HorizonTimeFamilyTests() : MlpFamilyContract(OptimizerFamilies.Mlp16)
{
    protected override UpdateSettings Settings => base.Settings with { InnerSteps = 250, TimeInputs = TimeInputs.Horizon };

    protected override long[] Times => [0, 1, 200, 300];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(50, 200)]
    [InlineData(250, 1000)]
    [InlineData(1000, 1000)]
    public void TimeAt_IsThatOfATrainingOf1000Steps(long t, double time) => Assert.Equal(time, Settings.TimeAt(t), 1e-9);

    [Fact]
    public void Update_AtTheSameShareOfTheHorizon_IsTheSame()
    {
        var c = new OptimizerCase(Family, Small);
        float[] longer = [.. c.W], longerMomenta = [.. c.M];
        c.W.CopyTo(c.WNext, 0);
        c.M.CopyTo(c.MNext, 0);
        using var sut = Family.Create(Small, Settings);
        using var other = Family.Create(Small, Settings with { InnerSteps = 10_000 });
        sut.Update(c.Theta, 100, c.G, c.WNext, c.MNext);
        other.Update(c.Theta, 4000, c.G, longer, longerMomenta);
        Assert.Equal(longer, c.WNext);
        other.Update(c.Theta, 100, c.G, c.W, c.M);
        Assert.NotEqual(longer, c.W);
    }
}
