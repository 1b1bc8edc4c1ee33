using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

/// <summary>An MLP that sees neither time nor momenta (§4.5).</summary>
public abstract class AblatedFamilyTests(IOuterTrainableFamily family) : MlpFamilyContract(family)
{
    protected override UpdateSettings Settings => base.Settings with { TimeInputs = TimeInputs.None, MomentumInputs = false };

    [Fact]
    public void Update_OtherTime_IsTheSame()
    {
        var c = new OptimizerCase(Family, Small);
        using var sut = Family.Create(Small, Settings);
        float[] w = [.. c.W], m = [.. c.M];
        sut.Update(c.Theta, 0, c.G, c.W, c.M);
        sut.Update(c.Theta, 5000, c.G, w, m);

        Assert.Equal(c.W, w);
    }

    [Fact]
    public void Update_OtherMomenta_MovesWAlikeAndKeepsItsMomenta()
    {
        var c = new OptimizerCase(Family, Small);
        using var sut = Family.Create(Small, Settings);
        float[] w = [.. c.W], m = new float[c.M.Length];
        sut.Update(c.Theta, 3, c.G, c.W, c.M);
        sut.Update(c.Theta, 3, c.G, w, m);

        Assert.Equal(c.W, w);
        Assert.NotEqual(c.M, m);
    }
}
