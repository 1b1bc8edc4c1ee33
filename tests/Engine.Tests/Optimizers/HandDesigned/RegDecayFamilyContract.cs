using LoptCluster.Engine.Optimizers;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

/// <summary>What holds for the families with regularisation and decay.</summary>
public abstract class RegDecayFamilyContract : HandDesignedFamilyContract
{
    private protected RegDecayFamilyContract(IOuterTrainableFamily family, DoubleRules.Rule rule)
        : base(family, DoubleRules.WithRegDecay(rule))
    {
    }

    /// <summary>At 10,000 the linear decay has taken the rate to 0.</summary>
    protected override long[] Times => [0, 1, 1000, 10_000];

    protected override (string Name, double Value)[] Point => [.. base.Point, .. DoubleRules.RegDecay];

    [Fact]
    public void Theta_EndsWithRegularizationAndDecay() =>
        Assert.Equal(DoubleRules.RegDecay.Select(h => h.Name), Family.Theta.HyperParameters.TakeLast(4).Select(h => h.Name));

    [Fact]
    public void VectorJacobianProduct_SomeWExactlyZero_EqualsFiniteDifferencesOfTheDefinition()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small) { Theta = ThetaOfPullback };
        (c.W[0], c.W[2], c.W[3], c.G[3]) = (0, -0f, 0, 0);
        c.W.CopyTo(c.WNext, 0);
        CheckTheta(sut, c);
    }

    [Fact]
    public void UpdateAndPullback_RateDecayedToZero_LeaveWAndSendNothingToTheRate()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small) { Theta = ThetaOfPullback, T = 10_000 }.Run(sut);
        Assert.Equal(c.W, c.WNext);
        foreach (string name in (string[])["learningRate", "linearDecay", "exponentialDecay"])
            Assert.Equal(0, c.ThetaCotangent[Family.Theta.IndexOf(name)]);
    }
}
