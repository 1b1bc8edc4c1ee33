using LoptCluster.Engine.Optimizers;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Baselines;

public sealed class AdamWFamilyTests() : ScheduledFamilyContract(OptimizerFamilies.AdamW, DoubleBaselines.AdamW(nesterov: false))
{
    /// <summary>Without decay, at the first step of the cosine, it is Adam, bit for bit.</summary>
    [Fact]
    public void Update_NoDecayAndNoSchedule_IsAdam()
    {
        using var sut = Family.Create(Small, Settings);
        using var adam = OptimizerFamilies.Adam.Create(Small, Settings);
        OptimizerCase c = new(Family, Small), expected = new(OptimizerFamilies.Adam, Small);
        c.W.CopyTo(expected.WNext, 0);
        c.M.CopyTo(expected.MNext, 0);
        adam.Update(expected.Theta, 0, c.G, expected.WNext, expected.MNext);
        sut.Update(Family.Theta.Point(("weightDecay", 0), ("warmupShare", 0)), 0, c.G, c.WNext, c.MNext);
        Assert.Equal(expected.WNext, c.WNext);
        Assert.Equal(expected.MNext, c.MNext);
    }
}
