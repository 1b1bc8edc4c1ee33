using LoptCluster.Engine.InnerProblems.Toys;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems.Toys;

public sealed class TwoMinimaProblemTests : InnerProblemContract<TwoMinimaCases>
{
    [Theory]
    [InlineData(-1.2f)]
    [InlineData(-1.7713526774986571e-09f)]
    [InlineData(0f)]
    [InlineData(0.5f)]
    [InlineData(3f)]
    [InlineData(3.6f)]
    [InlineData(1e4f)]
    public void LossGradientAndProduct_EqualThePolynomial(float w)
    {
        // Whole-number coefficients in decimal: exact enough to tell 1e-17 from 0.
        decimal x = (decimal)(double)w;
        decimal loss = (x - 4) * (x - 3) * x * x, slope = x * ((4 * x * x) - (21 * x) + 24), curvature = (12 * x * x) - (42 * x) + 24;
        using var sut = new TwoMinimaProblem();
        float[] parameters = new float[16], gradient = new float[16], product = new float[16];
        parameters[0] = w;
        product[0] = 1;
        gradient.AsSpan().Fill(float.NaN);

        Near((double)loss, sut.LossAndGradient(parameters, default, gradient));
        Near((double)slope, gradient[0]);
        sut.AddHessianVectorProduct(parameters, [0.5f, .. new float[15]], default, product);
        Near(1 + (0.5 * (double)curvature), product[0]);
        VectorAssert.PaddingIsZero(sut.Layout, gradient);
        VectorAssert.PaddingIsZero(sut.Layout, product);
    }

    [Fact]
    public void Loss_HeavyBallFromThePaperStart_ReachesTheGoldenLoss()
    {
        // Golden case 21: rate 0.01, momentum 0.5, 50 steps. The loss is 4e-17 there: a cancelled one would be all rounding.
        using var sut = new TwoMinimaProblem();
        float[] w = new float[16], gradient = new float[16];
        var random = default(RandomStream);
        sut.Initialize(ref random, w);
        Assert.Equal(-1.2f, w[0]);
        double x = -1.2, velocity = 0;
        for (int t = 0; t < 50; t++)
        {
            w[0] = (float)x;
            sut.LossAndGradient(w, default, gradient);
            velocity = (0.5 * velocity) + gradient[0];
            x -= 0.01 * velocity;
        }

        w[0] = (float)x;
        Assert.InRange(sut.Loss(w, default) / 3.765228373588564e-17, 0.99, 1.01);
    }

    private static void Near(double expected, double actual) =>
        Assert.InRange(actual, expected - (2e-7 * Math.Abs(expected)), expected + (2e-7 * Math.Abs(expected)));
}
