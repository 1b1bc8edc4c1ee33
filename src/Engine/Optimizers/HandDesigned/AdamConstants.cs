using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Constants of one Adam step: the hyper-parameters, Bias = 1 − βⁿ with n = t + 1, and BiasSlope = d Bias / d(1 − β).</summary>
internal readonly record struct AdamConstants(
    double Rate,
    double OneMinusBeta1,
    double OneMinusBeta2,
    double Epsilon,
    double Bias1,
    double Bias2,
    double BiasSlope1,
    double BiasSlope2)
{
    /// <summary>
    /// Limits beyond which a constant of the step is not finite in float, so that even zero gradients would not leave zeros.
    /// </summary>
    private const double LargestRate = 1e30, SmallestOneMinusBeta = 1e-12, SmallestEpsilon = 1e-30;

    /// <param name="theta">Logarithms (ln rate, ln(1−β1), ln(1−β2), ln ε).</param>
    /// <param name="t">Inner-step t, before the update.</param>
    public static AdamConstants Of(ReadOnlySpan<float> theta, long t)
    {
        var values = DoubleMath.Exp(Vector512.Create(theta[0], theta[1], theta[2], theta[3], 0.0, 0, 0, 0));
        double oneMinusBeta1 = Math.Clamp(values[1], SmallestOneMinusBeta, 1);
        double oneMinusBeta2 = Math.Clamp(values[2], SmallestOneMinusBeta, 1);
        double power1 = DoubleMath.Power(1 - oneMinusBeta1, t), power2 = DoubleMath.Power(1 - oneMinusBeta2, t);
        return new AdamConstants(
            Math.Min(LargestRate, values[0]),
            oneMinusBeta1,
            oneMinusBeta2,
            Math.Max(SmallestEpsilon, values[3]),
            1 - (power1 * (1 - oneMinusBeta1)),
            1 - (power2 * (1 - oneMinusBeta2)),
            (t + 1) * power1,
            (t + 1) * power2);
    }

    /// <summary>
    /// Adds the cotangents of θ, given those of ln rate, 1 − β1, 1 − β2 and ln ε: zero if θ is outside the allowed range.
    /// </summary>
    public void AddThetaCotangent((double Rate, double OneMinusBeta1, double OneMinusBeta2, double Epsilon) c, Span<double> thetaCotangent)
    {
        if (Rate < LargestRate) thetaCotangent[0] += c.Rate;
        if (OneMinusBeta1 is > SmallestOneMinusBeta and < 1) thetaCotangent[1] += c.OneMinusBeta1 * OneMinusBeta1;
        if (OneMinusBeta2 is > SmallestOneMinusBeta and < 1) thetaCotangent[2] += c.OneMinusBeta2 * OneMinusBeta2;
        if (Epsilon > SmallestEpsilon) thetaCotangent[3] += c.Epsilon;
    }
}
