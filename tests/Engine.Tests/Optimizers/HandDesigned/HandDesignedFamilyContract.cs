using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

/// <summary>What holds for every family of hyper-parameters: a rule in double defines it.</summary>
public abstract class HandDesignedFamilyContract : OuterTrainableFamilyContract
{
    private readonly DoubleRules.Rule _rule;

    private protected HandDesignedFamilyContract(IOuterTrainableFamily family, DoubleRules.Rule rule)
        : base(family) => _rule = rule;

    /// <summary>Values at which each hyper-parameter matters.</summary>
    protected virtual (string Name, double Value)[] Point => [("learningRate", 0.1)];

    private protected override float[] ThetaOfPullback => Family.Theta.Point(Point);

    protected override (double[] W, double[] M) Update(
        ParameterLayout layout, double[] theta, long t, double[] g, double[] w, double[] m) => _rule(theta, 1, t, g, w, m);

    /// <summary>Each hyper-parameter's derivative alone: next to a large one a wrong small one would not be seen.</summary>
    [Fact]
    public void VectorJacobianProduct_EachHyperParameter_EqualsFiniteDifferencesOfTheDefinition()
    {
        using var sut = Family.Create(Small, Settings);
        foreach (long t in Times) CheckTheta(sut, new OptimizerCase(Family, Small) { T = t, Theta = ThetaOfPullback });
    }

    /// <summary>Extreme θ, as an outer-update that goes astray may give: the constants of a step stay finite.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public void UpdateAndPullback_AnyElementOfThetaExtreme_KeepThePaddingZero(float extreme)
    {
        using var sut = Family.Create(Small, Settings);
        for (int i = 0; i < Family.Theta.Length; i++)
        {
            var c = new OptimizerCase(Family, Small);
            c.Theta[i] = extreme;
            c.Run(sut);
            Assert.All(c.Padded, v => VectorAssert.PaddingIsZero(Small, v));
        }
    }

    private protected void CheckTheta(IOuterTrainableOptimizer sut, OptimizerCase c)
    {
        double[] wBar = OptimizerCase.Wide(c.WCotangent), mBar = OptimizerCase.Wide(c.MCotangent);
        double[] theta = OptimizerCase.Wide(c.Theta), g = OptimizerCase.Wide(c.G), w = OptimizerCase.Wide(c.W), m = OptimizerCase.Wide(c.M);
        c.Run(sut);
        const double delta = 1e-4;
        for (int i = 0; i < theta.Length; i++)
        {
            double difference = (Value(i, delta) - Value(i, -delta)) / (2 * delta);
            Assert.Equal(difference, c.ThetaCotangent[i], 1e-9 + (1e-5 * Math.Abs(difference)));
        }

        double Value(int i, double change)
        {
            double[] moved = [.. theta];
            moved[i] += change;
            var (wNext, mNext) = _rule(moved, 1, c.T, g, w, m);
            return VectorAssert.Dot(wNext, wBar) + VectorAssert.Dot(mNext, mBar);
        }
    }
}
