using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class AdamFamilyTests() : HandDesignedFamilyContract(OptimizerFamilies.Adam, DoubleRules.Adam)
{
    [Fact]
    public void Update_FirstStep_IsTheRateInTheGradientsDirection()
    {
        var layout = new ParameterLayout(("a", [2]));
        using var sut = Family.Create(layout, Settings);
        float[] w = new float[16], m = new float[32], g = new float[16];
        (g[0], g[1]) = (0.5f, -20f);
        sut.Update(Family.Theta.Point(("learningRate", 0.01)), 0, g, w, m);
        Assert.Equal(-0.01, w[0], 1e-7);
        Assert.Equal(0.01, w[1], 1e-7);
    }

    /// <summary>Where g was always 0, √v has no slope but the update has: it is g / ε, times the rate.</summary>
    [Fact]
    public void VectorJacobianProduct_NoGradientYet_SendsTheSlopeByEpsilonToG()
    {
        var layout = new ParameterLayout(("a", [2]));
        using var sut = Family.Create(layout, Settings);
        var c = new OptimizerCase(Family, layout) { T = 0, Theta = Family.Theta.Point(("epsilon", 1e-3)) };
        foreach (float[] vector in (float[][])[c.G, c.M, c.MNext, c.MCotangent]) Array.Clear(vector);
        float wBar = c.WCotangent[0];
        c.Run(sut);
        Assert.Equal(-wBar * 1e-3 / 1e-3, c.GCotangent[0], 1e-5 * Math.Abs(wBar));
        Assert.All(c.ThetaCotangent, x => Assert.Equal(0, x));
    }

    [Theory]
    [InlineData(200f, -2f, -7f, -18f)]
    [InlineData(-7f, 5f, 5f, -18f)]
    [InlineData(-7f, -200f, -200f, -18f)]
    [InlineData(-7f, -2f, -7f, -200f)]
    public void VectorJacobianProduct_ThetaBeyondTheAllowedRange_SendsNothingBackThereAndKeepsThePaddingZero(params float[] theta)
    {
        var layout = new ParameterLayout(("a", [5]));
        using var sut = OptimizerFamilies.Adam.Create(layout, Settings);
        var c = new OptimizerCase(Family, layout) { Theta = theta }.Run(sut);
        Assert.Contains(0.0, c.ThetaCotangent);
        Assert.All(c.Padded, v => VectorAssert.PaddingIsZero(layout, v));
    }
}
