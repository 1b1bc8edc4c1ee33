using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Parameters;
using D = System.Runtime.Intrinsics.Vector512<double>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>
/// Fused kernels of Adam: the update and its vector-Jacobian product. Lengths are multiples of 16; zero padding stays zero.
/// </summary>
internal static unsafe class AdamKernels
{
    private const int Doubles = 8;

    /// <summary>
    /// Updates m ← β1 m + (1−β1) g; v ← β2 v + (1−β2) g²; w ← w − decay · w − rate · m̂ / (√v̂ + ε), m̂ and v̂ bias-corrected; with
    /// <paramref name="nesterov"/>, m̂ is of β1 m + (1−β1) g with the new m.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Update(
        in AdamConstants c, float decay, bool nesterov, ReadOnlySpan<float> g, Span<float> w, Span<float> m, Span<float> v)
    {
        V beta1 = Vector512.Create((float)(1 - c.OneMinusBeta1.Value)), oneMinusBeta1 = Vector512.Create((float)c.OneMinusBeta1.Value);
        V beta2 = Vector512.Create((float)(1 - c.OneMinusBeta2.Value)), oneMinusBeta2 = Vector512.Create((float)c.OneMinusBeta2.Value);
        V eps = Vector512.Create((float)c.Epsilon.Value), minusDecay = Vector512.Create(-decay);
        V scale = Vector512.Create((float)c.Rate.Value * (float)(1 / c.Bias1)), inverseBias2 = Vector512.Create((float)(1 / c.Bias2));
        bool decays = decay != 0;
        fixed (float* gs = g, ws = w, ms = m, vs = v)
        {
            for (int i = 0; i < g.Length; i += ParameterLayout.Padding)
            {
                V x = Vector512.Load(gs + i), before = Vector512.Load(ws + i);
                V first = Vector512.FusedMultiplyAdd(beta1, Vector512.Load(ms + i), oneMinusBeta1 * x);
                V second = Vector512.FusedMultiplyAdd(beta2, Vector512.Load(vs + i), oneMinusBeta2 * x * x);
                first.Store(ms + i);
                second.Store(vs + i);
                if (nesterov) first = Vector512.FusedMultiplyAdd(beta1, first, oneMinusBeta1 * x);
                if (decays) before = Vector512.FusedMultiplyAdd(minusDecay, before, before);
                V change = scale * first / (Vector512.Sqrt(second * inverseBias2) + eps);
                (before - change).Store(ws + i);
            }
        }
    }

    /// <summary>
    /// Vector-Jacobian product of <see cref="Update"/>, in double throughout, with sums in a fixed order. Returns the cotangents of ln
    /// rate, 1 − β1, 1 − β2 and ln ε. At 0 the slope of √ is taken as 0: g was always 0 there, and no gradient is propagated.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static (double Rate, double OneMinusBeta1, double OneMinusBeta2, double Epsilon) PullBack(
        in AdamConstants c, ReadOnlySpan<float> g, ReadOnlySpan<float> m, ReadOnlySpan<float> mNext,
        ReadOnlySpan<float> wCotangent, Span<float> mCotangent, Span<float> gCotangent)
    {
        D scale = Vector512.Create(c.Rate.Value / c.Bias1), eps = Vector512.Create(c.Epsilon.Value);
        D inverse2 = Vector512.Create(1 / c.Bias2), half = Vector512.Create(0.5 / c.Bias2);
        D oneMinusBeta1 = Vector512.Create(c.OneMinusBeta1.Value), beta1 = Vector512.Create(1 - c.OneMinusBeta1.Value);
        D twiceOneMinusBeta2 = Vector512.Create(2 * c.OneMinusBeta2.Value), beta2 = Vector512.Create(1 - c.OneMinusBeta2.Value);
        D slope1 = Vector512.Create(c.BiasSlope1 / c.Bias1), slope2 = Vector512.Create(c.BiasSlope2 / c.Bias2);
        D rateSum = D.Zero, sum1 = D.Zero, sum2 = D.Zero, epsilonSum = D.Zero;
        int length = g.Length;
        fixed (float* gs = g, ms = m, next = mNext, wc = wCotangent, mc = mCotangent, gc = gCotangent)
        {
            for (int i = 0; i < length; i += Doubles)
            {
                D x = DoubleMath.ToDouble(gs + i), w = DoubleMath.ToDouble(wc + i), second = DoubleMath.ToDouble(next + length + i);
                D root = Vector512.Sqrt(second * inverse2), reciprocal = D.One / (root + eps);
                D step = scale * reciprocal, change = w * step * DoubleMath.ToDouble(next + i), relative = change * reciprocal;
                rateSum -= change;
                epsilonSum += relative * eps;
                D bySecond = Vector512.ConditionalSelect(Vector512.GreaterThan(root, D.Zero), relative * half / root, D.Zero);
                D firstBar = DoubleMath.ToDouble(mc + i) - (w * step), secondBar = DoubleMath.ToDouble(mc + length + i) + bySecond;

                // Contributions through the moments, and through the bias corrections 1 − βⁿ, n = t + 1: d(1 − βⁿ)/d(1 − β) = n βⁿ⁻¹.
                sum1 += (firstBar * (x - DoubleMath.ToDouble(ms + i))) + (change * slope1);
                sum2 += (secondBar * ((x * x) - DoubleMath.ToDouble(ms + length + i))) - (bySecond * second * slope2);
                DoubleMath.ToFloat((oneMinusBeta1 * firstBar) + (twiceOneMinusBeta2 * x * secondBar), gc + i);
                DoubleMath.ToFloat(beta1 * firstBar, mc + i);
                DoubleMath.ToFloat(beta2 * secondBar, mc + length + i);
            }
        }

        return (DoubleMath.Sum(rateSum), DoubleMath.Sum(sum1), DoubleMath.Sum(sum2), DoubleMath.Sum(epsilonSum));
    }
}
