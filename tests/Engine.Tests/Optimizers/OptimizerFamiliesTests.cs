using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers;

public sealed class OptimizerFamiliesTests
{
    [Fact]
    public void Of_EveryKind_IsAFamilyThatCanBeTrainedOrSearched()
    {
        Assert.Equal(
            Enum.GetValues<OptimizerKind>().Where(kind => !kind.IsSearchOnly()), OptimizerFamilies.Trainable.Select(f => f.Kind).Order());
        foreach (var kind in Enum.GetValues<OptimizerKind>())
        {
            var family = OptimizerFamilies.Of(kind);
            Assert.Equal((kind, SpecificationWord.Of(kind)), (family.Kind, family.Name));
            Assert.Equal(family.Theta.Length, OptimizerFamilies.Find(family.Name)!.Theta.Length);
        }
    }

    [Theory]
    [InlineData(OptimizerKind.Mlp16, 610)]
    [InlineData(OptimizerKind.Mlp31, 1090)]
    [InlineData(OptimizerKind.Sgd, 1)]
    [InlineData(OptimizerKind.Momentum, 2)]
    [InlineData(OptimizerKind.Adam, 4)]
    [InlineData(OptimizerKind.RmsProp, 2)]
    [InlineData(OptimizerKind.AdamRegDecay, 8)]
    [InlineData(OptimizerKind.RmsPropRegDecay, 6)]
    [InlineData(OptimizerKind.MomentumRegDecay, 6)]
    public void ThetaLength_EachKind_IsThePapers(OptimizerKind kind, int length) =>
        Assert.Equal(length, OptimizerFamilies.Of(kind).Theta.Length);

    [Fact]
    public void Find_EveryFamily_IsUnderItsNameAlone()
    {
        Assert.All(OptimizerFamilies.All, f => Assert.Same(f, OptimizerFamilies.Find(f.Name)));
        Assert.Distinct(OptimizerFamilies.All.Select(f => f.Title));
        Assert.Equal(
            OptimizerFamilies.Baselines.Select(f => f.Name), OptimizerFamilies.All.Except(OptimizerFamilies.Trainable).Select(f => f.Name));
        Assert.Null(OptimizerFamilies.Find("adamw"));
    }

    [Fact]
    public void Of_UnknownKind_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => OptimizerFamilies.Of((OptimizerKind)99));

    [Fact]
    public void Factory_Mlp_TakesTheScalesOfTheSpecification()
    {
        var layout = new ParameterLayout(("w", [1]));
        float[] theta = new float[610], w = new float[16], m = new float[80], g = new float[16];
        (theta[608], theta[609]) = (1, 2);
        using var sut = OptimizerFactory.Create(new RunSpecification { StepScale = 0.25, ExponentScale = 0.5 }, layout);
        sut.Update(theta, 0, g, w, m);
        Assert.Equal(-0.25 * Math.E, w[0], 1e-6);
    }

    [Fact]
    public void Factory_Momentum_IsNesterovsIfTheSpecificationSaysSo()
    {
        var layout = new ParameterLayout(("w", [1]));
        float[] theta = OptimizerFamilies.Momentum.Theta.Point(("learningRate", 1), ("momentum", 0.5)), w = new float[16];
        float[] g = new float[16];
        g[0] = 1;
        using var sut = OptimizerFactory.Create(
            new RunSpecification { Optimizer = OptimizerKind.Momentum, Nesterov = true }, layout);
        sut.Update(theta, 0, g, w, new float[16]);
        Assert.Equal(-1.5, w[0], 1e-6);
    }

    [Fact]
    public void Factory_InitialTheta_IsTheFamilysAtTheSeed()
    {
        var specification = new RunSpecification { Optimizer = OptimizerKind.Mlp31, Seed = 7 };
        Assert.Equal(OptimizerFamilies.Mlp31.InitialTheta(7), OptimizerFactory.InitialTheta(specification));
    }
}
