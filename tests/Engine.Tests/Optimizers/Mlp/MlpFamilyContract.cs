using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

/// <summary>What holds for both MLPs.</summary>
public abstract class MlpFamilyContract(IOuterTrainableFamily family) : OuterTrainableFamilyContract(family)
{
    /// <summary>Large scales, so that the exponential matters and a step is not lost in w's rounding.</summary>
    protected override UpdateSettings Settings => new(InnerSteps: 1000) { StepScale = 0.5, ExponentScale = 0.3 };

    /// <summary>Some 300 products of order 1 are rounded to 24 bits.</summary>
    protected override double UpdateTolerance => 2e-5;

    /// <summary>Small, so that no hidden unit turns on or off between the two values of a difference.</summary>
    protected override double RelativeDelta => 1e-6;

    protected override (double[] W, double[] M) Update(
        ParameterLayout layout, double[] theta, long t, double[] g, double[] w, double[] m) =>
        new DoubleMlp(Family.Kind, layout, Settings).Update(theta, t, g, w, m);

    [Fact]
    public void StillTheta_Update_LeavesWInPlace()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small) { Theta = Family.StillTheta(seed: 1) };
        sut.Update(c.Theta, c.T, c.G, c.WNext, c.MNext);
        Assert.Equal(c.W, c.WNext);
    }

    [Fact]
    public void InitialTheta_IsTruncatedNormalWithZeroBiases()
    {
        float[] theta = Family.InitialTheta(seed: 1);
        foreach (var tensor in Family.Theta.Tensors)
        {
            float[] values = theta[tensor.Offset..(tensor.Offset + tensor.Length)];
            if (tensor.Shape.Length == 1) Assert.All(values, x => Assert.Equal(0, x));
            else CheckWeights(values, fanIn: tensor.Shape[0]);
        }
    }

    [Fact]
    public void InitialTheta_Seed_DecidesIt() => Assert.NotEqual(Family.InitialTheta(1), Family.InitialTheta(2));

    private static void CheckWeights(float[] weights, int fanIn)
    {
        // A normal cut at 2σ has 0.88 of its deviation; 64 numbers or more determine it to a quarter.
        double std = 1 / Math.Sqrt(fanIn), measured = Math.Sqrt(weights.Average(x => (double)x * x));
        Assert.All(weights, x => Assert.InRange(Math.Abs(x), 0, 2.0001 * std));
        Assert.InRange(measured / std, 0.66, 1.1);
    }
}
