using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers;

public sealed class OptimizerFactoryTests
{
    public static TheoryData<OptimizerKind> Kinds => [.. Enum.GetValues<OptimizerKind>()];

    [Theory]
    [InlineData(OptimizerKind.Mlp16, 610)]
    [InlineData(OptimizerKind.Mlp31, 1090)]
    [InlineData(OptimizerKind.Sgd, 1)]
    [InlineData(OptimizerKind.Momentum, 2)]
    [InlineData(OptimizerKind.Adam, 4)]
    public void ThetaLength_EachKind_IsThePapers(OptimizerKind kind, int length) =>
        Assert.Equal(length, OptimizerFactory.ThetaLength(new RunSpecification { Optimizer = kind }));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Create_EveryKind_HasTheLengthOfItsInitialTheta(OptimizerKind kind)
    {
        var specification = new RunSpecification { Optimizer = kind };
        using var sut = OptimizerFactory.Create(specification, new ParameterLayout(("w", [3])));
        Assert.Equal(sut.ThetaLength, OptimizerFactory.InitialTheta(specification).Length);
        Assert.Equal(sut.ThetaLength, OptimizerFactory.ThetaLength(specification));
    }

    [Fact]
    public void Create_Mlp_TakesTheScalesOfTheSpecification()
    {
        var layout = new ParameterLayout(("w", [1]));
        float[] theta = new float[610], w = new float[16], m = new float[80], g = new float[16];
        (theta[608], theta[609]) = (1, 2);
        using var sut = OptimizerFactory.Create(new RunSpecification { StepScale = 0.25, ExponentScale = 0.5 }, layout);
        sut.Update(theta, 0, g, w, m);
        Assert.Equal(-0.25 * Math.E, w[0], 1e-6);
    }

    [Theory]
    [InlineData(OptimizerKind.Mlp16, 16)]
    [InlineData(OptimizerKind.Mlp31, 31)]
    public void InitialTheta_Mlp_IsTruncatedNormalWithZeroBiases(OptimizerKind kind, int inputs)
    {
        float[] theta = OptimizerFactory.InitialTheta(new RunSpecification { Optimizer = kind });
        CheckWeights(theta[..(inputs * 32)], inputs);
        CheckWeights(theta[((inputs * 32) + 32)..^2], 32);
        Assert.All(theta[(inputs * 32)..((inputs * 32) + 32)].Concat(theta[^2..]), x => Assert.Equal(0, x));
    }

    [Fact]
    public void InitialTheta_Seed_DecidesIt()
    {
        float[] one = OptimizerFactory.InitialTheta(new RunSpecification { Seed = 1 });
        Assert.Equal(one, OptimizerFactory.InitialTheta(new RunSpecification { Seed = 1 }));
        Assert.NotEqual(one, OptimizerFactory.InitialTheta(new RunSpecification { Seed = 2 }));
    }

    private static void CheckWeights(float[] weights, int fanIn)
    {
        // A normal cut at 2σ has 0.88 of its deviation; 64 numbers or more know it to a quarter.
        double std = 1 / Math.Sqrt(fanIn), measured = Math.Sqrt(weights.Average(x => (double)x * x));
        Assert.All(weights, x => Assert.InRange(Math.Abs(x), 0, 2.0001 * std));
        Assert.InRange(measured / std, 0.66, 1.1);
    }
}
