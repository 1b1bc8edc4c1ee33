using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using D = System.Runtime.Intrinsics.Vector512<double>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Vector-Jacobian products of the hand-designed updates. Lengths are multiples of 16 (padded vectors); zero padding stays zero.</summary>
/// <remarks>Sums over the parameters in double and in a fixed order. Cotangents of w and m: in of the step after, out of the step before.</remarks>
internal static unsafe class HandDesignedPullbacks
{
    private const int Lanes = 16;
    private const int Doubles = 8;

    /// <summary>ḡ = −rate · w̄. Returns the cotangent of the rate, −Σ w̄ g.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static double Sgd(float rate, ReadOnlySpan<float> g, ReadOnlySpan<float> wCotangent, Span<float> gCotangent)
    {
        V minusRate = Vector512.Create(-rate);
        D low = D.Zero, high = D.Zero;
        fixed (float* gs = g, wc = wCotangent, gc = gCotangent)
        {
            for (int i = 0; i < g.Length; i += Lanes)
            {
                V w = Vector512.Load(wc + i);
                AddProduct(w, Vector512.Load(gs + i), ref low, ref high);
                (minusRate * w).Store(gc + i);
            }
        }

        return -DoubleMath.Sum(low + high);
    }

    /// <summary>v̄′ = v̄ − rate · w̄; v̄ = μ v̄′; ḡ = v̄′. Returns the cotangents of the rate, −Σ w̄ v′, and of μ, Σ v̄′ v.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static (double Rate, double Mu) Momentum(
        float rate, float mu, ReadOnlySpan<float> v, ReadOnlySpan<float> vNext,
        ReadOnlySpan<float> wCotangent, Span<float> vCotangent, Span<float> gCotangent)
    {
        V minusRate = Vector512.Create(-rate), decay = Vector512.Create(mu);
        D rateLow = D.Zero, rateHigh = D.Zero, muLow = D.Zero, muHigh = D.Zero;
        fixed (float* vs = v, next = vNext, wc = wCotangent, vc = vCotangent, gc = gCotangent)
        {
            for (int i = 0; i < v.Length; i += Lanes)
            {
                V w = Vector512.Load(wc + i);
                AddProduct(w, Vector512.Load(next + i), ref rateLow, ref rateHigh);
                V after = Vector512.FusedMultiplyAdd(minusRate, w, Vector512.Load(vc + i));
                AddProduct(after, Vector512.Load(vs + i), ref muLow, ref muHigh);
                (decay * after).Store(vc + i);
                after.Store(gc + i);
            }
        }

        return (-DoubleMath.Sum(rateLow + rateHigh), DoubleMath.Sum(muLow + muHigh));
    }

    /// <summary>
    /// Of <see cref="HandDesignedKernels.Adam"/>, in double throughout. Returns the cotangents of ln rate, 1 − β1, 1 − β2, ln ε.
    /// √ has no slope at 0: there g was always 0, and nothing is sent back.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static (double Rate, double Take1, double Take2, double Epsilon) Adam(
        in AdamConstants c, ReadOnlySpan<float> g, ReadOnlySpan<float> m, ReadOnlySpan<float> mNext,
        ReadOnlySpan<float> wCotangent, Span<float> mCotangent, Span<float> gCotangent)
    {
        D scale = Vector512.Create(c.Rate / c.Bias1), eps = Vector512.Create(c.Epsilon);
        D inverse2 = Vector512.Create(1 / c.Bias2), half = Vector512.Create(0.5 / c.Bias2);
        D take1 = Vector512.Create(c.Take1), keep1 = Vector512.Create(1 - c.Take1);
        D twiceTake2 = Vector512.Create(2 * c.Take2), keep2 = Vector512.Create(1 - c.Take2);
        D slope1 = Vector512.Create(c.BiasSlope1 / c.Bias1), slope2 = Vector512.Create(c.BiasSlope2 / c.Bias2);
        D rateSum = D.Zero, take1Sum = D.Zero, take2Sum = D.Zero, epsilonSum = D.Zero;
        int length = g.Length;
        fixed (float* gs = g, ms = m, next = mNext, wc = wCotangent, mc = mCotangent, gc = gCotangent)
        {
            for (int i = 0; i < length; i += Doubles)
            {
                D x = Wide(gs + i), w = Wide(wc + i), second = Wide(next + length + i);
                D root = Vector512.Sqrt(second * inverse2), reciprocal = D.One / (root + eps);
                D step = scale * reciprocal, change = w * step * Wide(next + i), relative = change * reciprocal;
                rateSum -= change;
                epsilonSum += relative * eps;
                D bySecond = Vector512.ConditionalSelect(Vector512.GreaterThan(root, D.Zero), relative * half / root, D.Zero);
                D firstBar = Wide(mc + i) - (w * step), secondBar = Wide(mc + length + i) + bySecond;

                // Through the moments, and through the bias corrections 1 − βⁿ, n = t + 1: d(1 − βⁿ)/d(1 − β) = n βⁿ⁻¹.
                take1Sum += (firstBar * (x - Wide(ms + i))) + (change * slope1);
                take2Sum += (secondBar * ((x * x) - Wide(ms + length + i))) - (bySecond * second * slope2);
                Narrow((take1 * firstBar) + (twiceTake2 * x * secondBar), gc + i);
                Narrow(keep1 * firstBar, mc + i);
                Narrow(keep2 * secondBar, mc + length + i);
            }
        }

        return (DoubleMath.Sum(rateSum), DoubleMath.Sum(take1Sum), DoubleMath.Sum(take2Sum), DoubleMath.Sum(epsilonSum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProduct(V a, V b, ref D low, ref D high)
    {
        low = Vector512.FusedMultiplyAdd(Vector512.WidenLower(a), Vector512.WidenLower(b), low);
        high = Vector512.FusedMultiplyAdd(Vector512.WidenUpper(a), Vector512.WidenUpper(b), high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static D Wide(float* from)
    {
        var eight = Vector256.Load(from);
        return Vector512.Create(Vector256.WidenLower(eight), Vector256.WidenUpper(eight));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Narrow(D x, float* to) => Vector256.Narrow(x.GetLower(), x.GetUpper()).Store(to);
}
