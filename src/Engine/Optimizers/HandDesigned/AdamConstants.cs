using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>
/// Constants of one Adam step: the hyper-parameters, Rate = rate(t), Bias = 1 − βⁿ with n = t + 1, and BiasSlope = d Bias / d(1 − β).
/// </summary>
internal readonly record struct AdamConstants(
    Limited Rate,
    Limited OneMinusBeta1,
    Limited OneMinusBeta2,
    Limited Epsilon,
    double Bias1,
    double Bias2,
    double BiasSlope1,
    double BiasSlope2)
{
    /// <param name="theta">Logarithms (ln rate, ln(1−β1), ln(1−β2), ln ε).</param>
    /// <param name="decay">rate(t) / rate.</param>
    /// <param name="t">Inner-step t, before the update.</param>
    public static AdamConstants Of(ReadOnlySpan<float> theta, double decay, long t)
    {
        var values = DoubleMath.Exp(Vector512.Create(theta[0], theta[1], theta[2], theta[3], 0.0, 0, 0, 0));
        Limited rate = Limited.Scale(values[0]);
        Limited oneMinusBeta1 = Limited.OneMinusBeta(values[1]), oneMinusBeta2 = Limited.OneMinusBeta(values[2]);
        double power1 = DoubleMath.Power(1 - oneMinusBeta1.Value, t), power2 = DoubleMath.Power(1 - oneMinusBeta2.Value, t);
        return new AdamConstants(
            rate with { Value = rate.Value * decay },
            oneMinusBeta1,
            oneMinusBeta2,
            Limited.Epsilon(values[3]),
            1 - (power1 * (1 - oneMinusBeta1.Value)),
            1 - (power2 * (1 - oneMinusBeta2.Value)),
            (t + 1) * power1,
            (t + 1) * power2);
    }

    /// <summary>
    /// Adds the cotangents of θ, given those of ln rate, 1 − β1, 1 − β2 and ln ε: zero if θ is outside the allowed range.
    /// </summary>
    public void AddThetaCotangent((double Rate, double OneMinusBeta1, double OneMinusBeta2, double Epsilon) c, Span<double> thetaCotangent)
    {
        thetaCotangent[0] += Rate.PullBack(c.Rate);
        thetaCotangent[1] += OneMinusBeta1.PullBack(c.OneMinusBeta1 * OneMinusBeta1.Value);
        thetaCotangent[2] += OneMinusBeta2.PullBack(c.OneMinusBeta2 * OneMinusBeta2.Value);
        thetaCotangent[3] += Epsilon.PullBack(c.Epsilon);
    }
}
