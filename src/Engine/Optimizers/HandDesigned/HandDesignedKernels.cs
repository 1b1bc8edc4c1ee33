using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Fused updates of the hand-designed optimizers. Lengths are multiples of 16 (padded vectors); zero padding stays zero.</summary>
internal static unsafe class HandDesignedKernels
{
    private const int Lanes = 16;

    /// <summary>v ← μ v + g; w ← w − rate · v.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Momentum(float rate, float mu, ReadOnlySpan<float> g, Span<float> w, Span<float> v)
    {
        V minusRate = Vector512.Create(-rate), decay = Vector512.Create(mu);
        fixed (float* gs = g, ws = w, vs = v)
        {
            for (int i = 0; i < g.Length; i += Lanes)
            {
                V next = Vector512.FusedMultiplyAdd(decay, Vector512.Load(vs + i), Vector512.Load(gs + i));
                next.Store(vs + i);
                Vector512.FusedMultiplyAdd(minusRate, next, Vector512.Load(ws + i)).Store(ws + i);
            }
        }
    }

    /// <summary>
    /// m ← β1 m + (1−β1) g; v ← β2 v + (1−β2) g²; w ← w − rate · m̂ / (√v̂ + ε), with m̂ = m · <paramref name="correction1"/> and v̂ likewise.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Adam(
        float rate, (float Keep, float Take) beta1, (float Keep, float Take) beta2, float epsilon, float correction1, float correction2,
        ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        V b1 = Vector512.Create(beta1.Keep), c1 = Vector512.Create(beta1.Take), b2 = Vector512.Create(beta2.Keep), c2 = Vector512.Create(beta2.Take);
        V eps = Vector512.Create(epsilon), scale = Vector512.Create(rate * correction1), scale2 = Vector512.Create(correction2);
        fixed (float* gs = g, ws = w, ms = m)
        {
            float* vs = ms + g.Length;
            for (int i = 0; i < g.Length; i += Lanes)
            {
                V x = Vector512.Load(gs + i);
                V first = Vector512.FusedMultiplyAdd(b1, Vector512.Load(ms + i), c1 * x);
                V second = Vector512.FusedMultiplyAdd(b2, Vector512.Load(vs + i), c2 * x * x);
                first.Store(ms + i);
                second.Store(vs + i);
                V change = scale * first / (Vector512.Sqrt(second * scale2) + eps);
                (Vector512.Load(ws + i) - change).Store(ws + i);
            }
        }
    }

    /// <summary>v ← ρ v + (1−ρ) g²; w ← w − rate · g / √(v + ε).</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void RmsProp(float rate, float decay, float epsilon, ReadOnlySpan<float> g, Span<float> w, Span<float> v)
    {
        V keep = Vector512.Create(decay), take = Vector512.Create((float)(1 - (double)decay)), eps = Vector512.Create(epsilon), scale = Vector512.Create(rate);
        fixed (float* gs = g, ws = w, vs = v)
        {
            for (int i = 0; i < g.Length; i += Lanes)
            {
                V x = Vector512.Load(gs + i);
                V second = Vector512.FusedMultiplyAdd(keep, Vector512.Load(vs + i), take * x * x);
                second.Store(vs + i);
                (Vector512.Load(ws + i) - (scale * x / Vector512.Sqrt(second + eps))).Store(ws + i);
            }
        }
    }
}
