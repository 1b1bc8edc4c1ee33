using System.Runtime.Intrinsics;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers;

/// <summary>Adam whose hyper-parameters are θ = (ln rate, ln(1−β1), ln(1−β2), ln ε) (Fig. 2d, 3, 18); bias-corrected, ε outside the root.</summary>
/// <remarks>Logarithms, because a step of θ then changes each by a factor, and no value of θ leaves the allowed range (1 − β is cut to 1).</remarks>
internal sealed class AdamOptimizer(ParameterLayout layout) : ILearnedOptimizer
{
    public int ThetaLength => 4;

    public int StateVectors => 2;

    /// <summary>θ of given hyper-parameters.</summary>
    public static float[] Theta(double rate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) =>
        [(float)Math.Log(rate), (float)Math.Log(1 - beta1), (float)Math.Log(1 - beta2), (float)Math.Log(epsilon)];

    public void InitializeTheta(ref RandomStream random, Span<float> theta) => Theta(1e-3).CopyTo(theta);

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(w.Length, layout.PaddedLength);
        var c = Constants.Of(theta, t);
        HandDesignedKernels.Adam(
            (float)c.Rate,
            ((float)(1 - c.Take1), (float)c.Take1),
            ((float)(1 - c.Take2), (float)c.Take2),
            (float)c.Epsilon,
            (float)(1 / c.Bias1),
            (float)(1 / c.Bias2),
            g,
            w,
            m);
    }

    public void VectorJacobianProduct(
        ReadOnlySpan<float> theta,
        long t,
        ReadOnlySpan<float> g,
        ReadOnlySpan<float> w,
        ReadOnlySpan<float> m,
        ReadOnlySpan<float> mNext,
        Span<float> wCotangent,
        Span<float> mCotangent,
        Span<float> gCotangent,
        Span<double> thetaCotangent)
    {
        var c = Constants.Of(theta, t);
        int length = g.Length;
        double rate = 0, take1 = 0, take2 = 0, epsilon = 0;
        for (int i = 0; i < length; i++)
        {
            double first = mNext[i], second = mNext[length + i], wBar = wCotangent[i];
            double root = Math.Sqrt(second / c.Bias2), denominator = root + c.Epsilon;
            double change = c.Rate * first / c.Bias1 / denominator;
            rate -= wBar * change;
            epsilon += wBar * change / denominator * c.Epsilon;

            // √ has no slope at 0; there g was always 0, and nothing is to be sent back.
            double bySecond = root > 0 ? wBar * change / denominator / (2 * root * c.Bias2) : 0;
            double firstBar = mCotangent[i] - (wBar * c.Rate / c.Bias1 / denominator);
            double secondBar = mCotangent[length + i] + bySecond;

            // Through the moments and through the bias corrections 1 − βⁿ, n = t + 1: d(1 − βⁿ)/d(1 − β) = n βⁿ⁻¹.
            take1 += (firstBar * (g[i] - m[i])) + (wBar * change * c.BiasSlope1 / c.Bias1);
            take2 += (secondBar * (((double)g[i] * g[i]) - m[length + i])) - (bySecond * second / c.Bias2 * c.BiasSlope2);

            gCotangent[i] = (float)((c.Take1 * firstBar) + (2 * c.Take2 * g[i] * secondBar));
            mCotangent[i] = (float)((1 - c.Take1) * firstBar);
            mCotangent[length + i] = (float)((1 - c.Take2) * secondBar);
        }

        thetaCotangent[0] += rate;
        thetaCotangent[1] += c.Take1 < 1 ? take1 * c.Take1 : 0;
        thetaCotangent[2] += c.Take2 < 1 ? take2 * c.Take2 : 0;
        thetaCotangent[3] += epsilon;
    }

    public void Dispose()
    {
    }

    /// <summary>The hyper-parameters of one step; Take = 1 − β, Bias = 1 − βⁿ.</summary>
    private readonly record struct Constants(
        double Rate, double Take1, double Take2, double Epsilon, double Bias1, double Bias2, double BiasSlope1, double BiasSlope2)
    {
        public static Constants Of(ReadOnlySpan<float> theta, long t)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, 4);
            double take1 = Math.Min(1, Exp(theta[1])), take2 = Math.Min(1, Exp(theta[2]));
            double power1 = Power(1 - take1, t), power2 = Power(1 - take2, t);
            return new Constants(
                Exp(theta[0]),
                take1,
                take2,
                Exp(theta[3]),
                1 - (power1 * (1 - take1)),
                1 - (power2 * (1 - take2)),
                (t + 1) * power1,
                (t + 1) * power2);
        }

        /// <summary>The managed exponential: the same bits on every machine.</summary>
        private static double Exp(double x) => Vector128.Exp(Vector128.CreateScalar(x)).ToScalar();

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
}
