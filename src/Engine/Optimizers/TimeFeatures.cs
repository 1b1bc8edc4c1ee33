using System.Runtime.Intrinsics;

namespace LoptCluster.Engine.Optimizers;

/// <summary>The nine time inputs of App. D.1: tanh(t/η − 1), t the inner-step before the update.</summary>
internal static class TimeFeatures
{
    /// <summary>Fills nine numbers. In double with the managed exponential, so that every machine finds the same floats.</summary>
    public static void Fill(long t, Span<float> features)
    {
        for (int i = 0; i < MlpForm.Timescales.Length; i++) features[i] = (float)Tanh((t / MlpForm.Timescales[i]) - 1);
    }

    /// <summary>tanh x = sign(x) (1 − q) / (1 + q), q = exp(−2|x|): no overflow, and precise to a few ulps of double where |x| is not tiny.</summary>
    internal static double Tanh(double x)
    {
        double q = Vector128.Exp(Vector128.CreateScalar(-2 * Math.Abs(x))).ToScalar();
        return Math.CopySign((1 - q) / (1 + q), x);
    }
}
