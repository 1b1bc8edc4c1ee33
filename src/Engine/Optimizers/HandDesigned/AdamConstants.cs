using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>The hyper-parameters of one step of Adam; Take = 1 − β, Bias = 1 − βⁿ with n = t + 1, BiasSlope = d Bias / d Take.</summary>
internal readonly record struct AdamConstants(
    double Rate, double Take1, double Take2, double Epsilon, double Bias1, double Bias2, double BiasSlope1, double BiasSlope2)
{
    /// <summary>Beyond these a number of the step is no longer finite in float, and not even zero gradients would leave zeros.</summary>
    private const double LargestRate = 1e30, SmallestTake = 1e-12, SmallestEpsilon = 1e-30;

    /// <param name="theta">(ln rate, ln(1−β1), ln(1−β2), ln ε).</param>
    /// <param name="t">Step before the update.</param>
    public static AdamConstants Of(ReadOnlySpan<float> theta, long t)
    {
        var values = DoubleMath.Exp(Vector512.Create(theta[0], theta[1], theta[2], theta[3], 0.0, 0, 0, 0));
        double take1 = Math.Clamp(values[1], SmallestTake, 1), take2 = Math.Clamp(values[2], SmallestTake, 1);
        double power1 = Power(1 - take1, t), power2 = Power(1 - take2, t);
        return new AdamConstants(
            Math.Min(LargestRate, values[0]),
            take1,
            take2,
            Math.Max(SmallestEpsilon, values[3]),
            1 - (power1 * (1 - take1)),
            1 - (power2 * (1 - take2)),
            (t + 1) * power1,
            (t + 1) * power2);
    }

    /// <summary>d(this) / dθ of each, given those by (ln rate, Take1, Take2, ln ε): zero where θ is beyond the allowed range.</summary>
    public void AddThetaCotangent((double Rate, double Take1, double Take2, double Epsilon) c, Span<double> thetaCotangent)
    {
        if (Rate < LargestRate) thetaCotangent[0] += c.Rate;
        if (Take1 is > SmallestTake and < 1) thetaCotangent[1] += c.Take1 * Take1;
        if (Take2 is > SmallestTake and < 1) thetaCotangent[2] += c.Take2 * Take2;
        if (Epsilon > SmallestEpsilon) thetaCotangent[3] += c.Epsilon;
    }

    private static double Power(double x, long n)
    {
        double result = 1;
        for (; n > 0; n >>= 1, x *= x)
        {
            if ((n & 1) != 0) result *= x;
        }

        return result;
    }
}
