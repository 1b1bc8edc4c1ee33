using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>The fused forward kernels of the MLP optimizer on one tensor. n is its length, without padding.</summary>
/// <remarks>Every multiply-add is fused and every sum in a fixed order. NaN and ∞ propagate; padding stays zero.</remarks>
internal static unsafe partial class MlpKernels
{
    public const int Lanes = VectorMath.Lanes;

    /// <summary>m_β ← β m_β + (1 − β) g, to <paramref name="next"/>; then the sums of squares of g, the new momenta, w.</summary>
    /// <param name="next">As far apart as those of <paramref name="v"/>, or those themselves.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void UpdateMomenta(MlpVectors v, float* next, int n, float* squareSums)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            UpdateMomentaVector256(v, next, n, squareSums);
            return;
        }

        V b0 = Beta(0), b1 = Beta(1), b2 = Beta(2), b3 = Beta(3), b4 = Beta(4);
        V c0 = OneMinusBeta(0), c1 = OneMinusBeta(1), c2 = OneMinusBeta(2), c3 = OneMinusBeta(3), c4 = OneMinusBeta(4);
        V sg = V.Zero, s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero, s4 = V.Zero, sw = V.Zero;

        // Two pointers and multiples of one stride: there are not registers enough for the ten rows.
        float* m = v.M;
        nint stride = v.Stride, twice = 2 * stride, thrice = 3 * stride, fourfold = 4 * stride;
        for (int i = 0; i < n; i += Lanes, m += Lanes, next += Lanes)
        {
            V x = Vector512.Load(v.G + i), y = Vector512.Load(v.W + i);
            V a0 = Fma(b0, Vector512.Load(m), c0 * x), a1 = Fma(
                b1, Vector512.Load(m + stride), c1 * x), a2 = Fma(b2, Vector512.Load(m + twice), c2 * x);
            V a3 = Fma(b3, Vector512.Load(m + thrice), c3 * x), a4 = Fma(b4, Vector512.Load(m + fourfold), c4 * x);
            a0.Store(next);
            a1.Store(next + stride);
            a2.Store(next + twice);
            a3.Store(next + thrice);
            a4.Store(next + fourfold);
            sg = Fma(x, x, sg);
            s0 = Fma(a0, a0, s0);
            s1 = Fma(a1, a1, s1);
            s2 = Fma(a2, a2, s2);
            s3 = Fma(a3, a3, s3);
            s4 = Fma(a4, a4, s4);
            sw = Fma(y, y, sw);
        }

        StoreSums(squareSums, sg, s0, s1, s2, s3, s4, sw);
    }

    /// <summary>Sums of squares of g, the momenta, w.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void SumSquares(MlpVectors v, int n, float* squareSums)
    {
        float* g = v.G, w = v.W;
        float* m0 = v.M, m1 = m0 + v.Stride, m2 = m1 + v.Stride, m3 = m2 + v.Stride, m4 = m3 + v.Stride;
        V sg = V.Zero, s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero, s4 = V.Zero, sw = V.Zero;
        for (int i = 0; i < n; i += Lanes)
        {
            V x = Vector512.Load(g + i);
            sg = Fma(x, x, sg);
            x = Vector512.Load(m0 + i);
            s0 = Fma(x, x, s0);
            x = Vector512.Load(m1 + i);
            s1 = Fma(x, x, s1);
            x = Vector512.Load(m2 + i);
            s2 = Fma(x, x, s2);
            x = Vector512.Load(m3 + i);
            s3 = Fma(x, x, s3);
            x = Vector512.Load(m4 + i);
            s4 = Fma(x, x, s4);
            x = Vector512.Load(w + i);
            sw = Fma(x, x, sw);
        }

        StoreSums(squareSums, sg, s0, s1, s2, s3, s4, sw);
    }

    /// <summary>
    /// w − λ_lin · o0 · exp(λ_exp · o1), to <paramref name="next"/>; in <paramref name="outputs"/> o1 becomes the step size.
    /// </summary>
    /// <param name="next">May be <paramref name="w"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* w, float* next, int n, MlpOutputs outputs, MlpScales scales)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            ApplyVector256(w, next, n, outputs, scales);
            return;
        }

        for (int i = 0; i < n; i += Lanes)
        {
            V size = StepSize(Vector512.Load(outputs.StepSizes + i), scales);
            size.Store(outputs.StepSizes + i);
            Masked(Vector512.Load(w + i) - (size * Vector512.Load(outputs.Directions + i)), n - i).Store(next + i);
        }
    }

    /// <summary>o1 becomes the step size, as <see cref="Apply"/> leaves it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void StepSizes(int n, MlpOutputs outputs, MlpScales scales)
    {
        for (int i = 0; i < n; i += Lanes) StepSize(Vector512.Load(outputs.StepSizes + i), scales).Store(outputs.StepSizes + i);
    }

    /// <summary>Size of a step, λ_lin exp(λ_exp o1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V StepSize(V magnitude, MlpScales scales) =>
        Exp(magnitude * Vector512.Create(scales.Exponent)) * Vector512.Create(scales.Step);

    /// <summary>eˣ without a bound: +∞ from 88.72 on, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        var overflow = Vector512.Create(88.72283f);
        return Vector512.ConditionalSelect(
            Vector512.GreaterThan(x, overflow), Vector512.Create(float.PositiveInfinity), VectorMath.Exp(x));
    }

    /// <summary>Slope 0 at 0; NaN stays NaN, so that a state that is not finite is seen to be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Relu(V x, V zero) => Vector512.MaxNative(zero, x);

    /// <summary>The first <paramref name="count"/> lanes; zero in the others. At 16 and beyond: all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Masked(V x, int count) => count >= Lanes
        ? x
        : Vector512.ConditionalSelect(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle(), x, V.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Fma(V a, V b, V c) => Vector512.FusedMultiplyAdd(a, b, c);

    /// <summary>Decay β of one of the momenta, in every lane.</summary>
    public static V Beta(int momentum) => Vector512.Create((float)MlpShape.Decays[momentum]);

    /// <summary>1 − β, rounded once: 1f − 0.9999f is off by 1.7e-4.</summary>
    public static V OneMinusBeta(int momentum) => Vector512.Create((float)(1 - MlpShape.Decays[momentum]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSums(float* sums, V g, V m0, V m1, V m2, V m3, V m4, V w)
    {
        sums[0] = VectorMath.Sum(g);
        sums[1] = VectorMath.Sum(m0);
        sums[2] = VectorMath.Sum(m1);
        sums[3] = VectorMath.Sum(m2);
        sums[4] = VectorMath.Sum(m3);
        sums[5] = VectorMath.Sum(m4);
        sums[MlpShape.WeightVector] = VectorMath.Sum(w);
    }
}
