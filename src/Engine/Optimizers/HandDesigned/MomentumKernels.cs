using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Parameters;
using D = System.Runtime.Intrinsics.Vector512<double>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>
/// Fused kernels of SGD with momentum: the update and its vector-Jacobian product. Lengths are multiples of 16; zero padding stays zero.
/// </summary>
internal static unsafe class MomentumKernels
{
    private const int Lanes = ParameterLayout.Padding;

    /// <summary>Updates v ← μ v + g; w ← w − rate · s, with s = v (heavy-ball) or g + μ v (Nesterov).</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Update(float rate, float mu, bool nesterov, ReadOnlySpan<float> g, Span<float> w, Span<float> v)
    {
        V minusRate = Vector512.Create(-rate), decay = Vector512.Create(mu);
        fixed (float* gs = g, ws = w, vs = v)
        {
            for (int i = 0; i < g.Length; i += Lanes)
            {
                V x = Vector512.Load(gs + i), next = Vector512.FusedMultiplyAdd(decay, Vector512.Load(vs + i), x);
                next.Store(vs + i);
                V step = nesterov ? Vector512.FusedMultiplyAdd(decay, next, x) : next;
                Vector512.FusedMultiplyAdd(minusRate, step, Vector512.Load(ws + i)).Store(ws + i);
            }
        }
    }

    /// <summary>
    /// Vector-Jacobian product, where q̄ is the cotangent of q: s̄ = −rate · w̄; v̄′ = v̄ + s̄ (Nesterov: v̄ + μ s̄); v̄ = μ v̄′; ḡ = v̄′
    /// (Nesterov: v̄′ + s̄). Returns the cotangents of the rate, −Σ w̄ s, and of μ, Σ v̄′ v (Nesterov: + Σ s̄ v′), summed in double.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static (double Rate, double Mu) PullBack(
        float rate, float mu, bool nesterov, ReadOnlySpan<float> g, ReadOnlySpan<float> v, ReadOnlySpan<float> vNext,
        ReadOnlySpan<float> wCotangent, Span<float> vCotangent, Span<float> gCotangent)
    {
        V minusRate = Vector512.Create(-rate), decay = Vector512.Create(mu);
        V byNext = nesterov ? decay * minusRate : minusRate;
        D rateLow = D.Zero, rateHigh = D.Zero, muLow = D.Zero, muHigh = D.Zero;
        fixed (float* gs = g, vs = v, nexts = vNext, wc = wCotangent, vc = vCotangent, gc = gCotangent)
        {
            for (int i = 0; i < v.Length; i += Lanes)
            {
                V w = Vector512.Load(wc + i), next = Vector512.Load(nexts + i);
                V after = Vector512.FusedMultiplyAdd(byNext, w, Vector512.Load(vc + i)), slope = after, step = next;
                if (nesterov)
                {
                    slope = Vector512.FusedMultiplyAdd(minusRate, w, after);
                    step = Vector512.FusedMultiplyAdd(decay, next, Vector512.Load(gs + i));
                    DoubleMath.AddProduct(minusRate * w, next, ref muLow, ref muHigh);
                }

                DoubleMath.AddProduct(w, step, ref rateLow, ref rateHigh);
                DoubleMath.AddProduct(after, Vector512.Load(vs + i), ref muLow, ref muHigh);
                (decay * after).Store(vc + i);
                slope.Store(gc + i);
            }
        }

        return (-DoubleMath.Sum(rateLow + rateHigh), DoubleMath.Sum(muLow + muHigh));
    }
}
