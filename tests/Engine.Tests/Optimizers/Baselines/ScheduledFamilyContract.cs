using LoptCluster.Engine.Optimizers;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Baselines;

/// <summary>What holds for the baselines with linear warm-up and cosine.</summary>
public abstract class ScheduledFamilyContract : BaselineFamilyContract
{
    private protected ScheduledFamilyContract(IOptimizerFamily family, DoubleBaselines.Rule rule)
        : base(family, rule)
    {
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Update_BeforeTheWarmUpAndAfterTheHorizon_LeavesWAndMovesTheState(long t)
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small);
        sut.Update(c.Theta, t, c.G, c.WNext, c.MNext);
        Assert.Equal(c.W, c.WNext);
        Assert.NotEqual(c.M, c.MNext);
    }

    [Fact]
    public void EvaluationPoint_IsW()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small);
        Assert.True(sut.EvaluationPoint(c.Theta, c.W, c.M) == c.W);
    }
}
