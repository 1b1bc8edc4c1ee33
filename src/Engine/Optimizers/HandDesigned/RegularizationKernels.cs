using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Parameters;
using D = System.Runtime.Intrinsics.Vector512<double>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>
/// Kernels of the gradient of ℓ1 Σ|w| + ½ ℓ2 Σ w². Lengths are multiples of 16; zero padding stays zero, because sign(0) = 0.
/// </summary>
internal static unsafe class RegularizationKernels
{
    /// <summary>Computes sum = g + ℓ1 sign(w) + ℓ2 w. NaN and ∞ propagate.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Add(in RegDecayConstants c, ReadOnlySpan<float> g, ReadOnlySpan<float> w, Span<float> sum)
    {
        V l1 = Vector512.Create((float)c.L1.Value), l2 = Vector512.Create((float)c.L2.Value);
        fixed (float* gs = g, ws = w, sums = sum)
        {
            for (int i = 0; i < g.Length; i += ParameterLayout.Padding)
            {
                V x = Vector512.Load(ws + i);
                V first = Vector512.FusedMultiplyAdd(l1, Sign(x), Vector512.Load(gs + i));
                Vector512.FusedMultiplyAdd(l2, x, first).Store(sums + i);
            }
        }
    }

    /// <summary>
    /// Vector-Jacobian product w̄ += ℓ2 ḡ, where ḡ is the cotangent of the sum and of g. Returns the cotangents Σ ḡ sign(w) of ℓ1 and Σ ḡ w
    /// of ℓ2, summed in double.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static (double L1, double L2) PullBack(
        in RegDecayConstants c, ReadOnlySpan<float> w, ReadOnlySpan<float> gCotangent, Span<float> wCotangent)
    {
        V l2 = Vector512.Create((float)c.L2.Value);
        D signLow = D.Zero, signHigh = D.Zero, low = D.Zero, high = D.Zero;
        fixed (float* ws = w, gc = gCotangent, wc = wCotangent)
        {
            for (int i = 0; i < w.Length; i += ParameterLayout.Padding)
            {
                V x = Vector512.Load(ws + i), bar = Vector512.Load(gc + i);
                DoubleMath.AddProduct(bar, Sign(x), ref signLow, ref signHigh);
                DoubleMath.AddProduct(bar, x, ref low, ref high);
                Vector512.FusedMultiplyAdd(l2, bar, Vector512.Load(wc + i)).Store(wc + i);
            }
        }

        return (DoubleMath.Sum(signLow + signHigh), DoubleMath.Sum(low + high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sign(V x) => Vector512.ConditionalSelect(Vector512.Equals(x, V.Zero), V.Zero, Vector512.CopySign(V.One, x));
}
