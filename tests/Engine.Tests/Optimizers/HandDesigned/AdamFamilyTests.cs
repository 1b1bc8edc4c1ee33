using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class AdamFamilyTests() : OuterTrainableFamilyContract(OptimizerFamilies.Adam)
{
    protected override (double[] W, double[] M) Update(ParameterLayout layout, double[] theta, long t, double[] g, double[] w, double[] m)
    {
        double rate = Math.Exp(theta[0]), beta1 = 1 - Math.Exp(theta[1]), beta2 = 1 - Math.Exp(theta[2]), epsilon = Math.Exp(theta[3]);
        double[] first = [.. g.Select((x, i) => (beta1 * m[i]) + ((1 - beta1) * x))];
        double[] second = [.. g.Select((x, i) => (beta2 * m[g.Length + i]) + ((1 - beta2) * x * x))];
        double bias1 = 1 - Math.Pow(beta1, t + 1), bias2 = 1 - Math.Pow(beta2, t + 1);
        return ([.. w.Select((x, i) => x - (rate * first[i] / bias1 / (Math.Sqrt(second[i] / bias2) + epsilon)))], [.. first, .. second]);
    }

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
