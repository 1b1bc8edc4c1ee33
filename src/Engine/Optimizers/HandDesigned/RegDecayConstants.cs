using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Constants of one step's regularisation and decay.</summary>
/// <param name="L1">Weight ℓ1 of Σ|w|.</param>
/// <param name="L2">Weight ℓ2 of ½ Σ w².</param>
/// <param name="Decay">rate(t) / rate = max(0, 1 − c_lin t) exp(−c_exp t).</param>
/// <param name="SlopeLinear">d ln Decay / d ln c_lin; 0 once the rate has reached 0.</param>
/// <param name="SlopeExponential">d ln Decay / d ln c_exp.</param>
internal readonly record struct RegDecayConstants(Limited L1, Limited L2, double Decay, double SlopeLinear, double SlopeExponential)
{
    /// <param name="theta">Logarithms (ln c_lin, ln c_exp, ln ℓ1, ln ℓ2).</param>
    /// <param name="t">Inner-step t, before the update.</param>
    public static RegDecayConstants Of(ReadOnlySpan<float> theta, long t)
    {
        var values = DoubleMath.Exp(Vector512.Create(theta[0], theta[1], theta[2], theta[3], 0.0, 0, 0, 0));
        Limited linear = Limited.Scale(values[0]), exponential = Limited.Scale(values[1]);
        double left = Math.Max(0, 1 - (linear.Value * t)), exponent = -exponential.Value * t;
        return new RegDecayConstants(
            Limited.Scale(values[2]),
            Limited.Scale(values[3]),
            left * DoubleMath.Exp(exponent),
            left > 0 ? linear.PullBack(-linear.Value * t / left) : 0,
            exponential.PullBack(exponent));
    }

    /// <summary>Adds the cotangents of θ, given those of ln rate(t), ℓ1 and ℓ2.</summary>
    public void AddThetaCotangent(double rate, double l1, double l2, Span<double> thetaCotangent)
    {
        thetaCotangent[0] += rate * SlopeLinear;
        thetaCotangent[1] += rate * SlopeExponential;
        thetaCotangent[2] += L1.PullBack(l1 * L1.Value);
        thetaCotangent[3] += L2.PullBack(l2 * L2.Value);
    }
}
