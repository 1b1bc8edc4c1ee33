using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Baselines;

public sealed class ScheduleFreeAdamWFamilyTests()
    : BaselineFamilyContract(OptimizerFamilies.ScheduleFreeAdamW, DoubleBaselines.ScheduleFreeAdamW)
{
    private static readonly ParameterLayout One = new(("a", [1]));

    [Fact]
    public void EvaluationPoint_AtTheStart_IsW()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small);
        Array.Clear(c.M);
        Assert.Equal(c.W, sut.EvaluationPoint(c.Theta, c.W, c.M).ToArray());
    }

    /// <summary>Along a constant gradient u = 1 and z(n) = −rate n: without warm-up x is the mean of z(1) to z(n).</summary>
    [Fact]
    public void EvaluationPoint_ConstantGradient_IsTheMeanOfZ()
    {
        using var sut = Family.Create(One, Settings);
        float[] w = new float[16], m = new float[32], g = new float[16];
        g[0] = 4;
        float[] theta = Family.Theta.Point(("learningRate", 0.5), ("warmupShare", 0));
        for (int t = 0; t < 7; t++) sut.Update(theta, t, g, w, m);
        Assert.Equal(-0.5 * 4, sut.EvaluationPoint(theta, w, m)[0], 1e-5);
        Assert.Equal((-0.5 * 7 * 0.1) - (0.5 * 4 * 0.9), w[0], 1e-5);
    }

    /// <summary>In the warm-up of W = 4 steps z(n) moves by rate · n / 4, and counts by its square in the mean.</summary>
    [Fact]
    public void EvaluationPoint_WarmUp_WeighsZByTheSquareOfTheRate()
    {
        using var sut = Family.Create(One, Settings);
        float[] w = new float[16], m = new float[32], g = new float[16];
        g[0] = 4;
        float[] theta = Family.Theta.Point(("learningRate", 1), ("warmupShare", 0.04));
        for (int t = 0; t < 6; t++) sut.Update(theta, t, g, w, m);
        double[] rates = [0.25, 0.5, 0.75, 1, 1, 1];
        double z = 0, sum = 0, x = 0;
        foreach (double rate in rates) (z, sum, x) = (z - rate, sum + (rate * rate), x + (rate * rate * (z - rate)));
        Assert.Equal(x / sum, sut.EvaluationPoint(theta, w, m)[0], 1e-5);
    }

    [Fact]
    public void EvaluationPoint_VectorOfWrongLength_IsRefused()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small);
        Assert.Throws<ArgumentOutOfRangeException>(() => { sut.EvaluationPoint(c.Theta, c.W.AsSpan(1), c.M); });
        VectorAssert.PaddingIsZero(Small, sut.EvaluationPoint(c.Theta, c.W, c.M).ToArray());
    }
}
