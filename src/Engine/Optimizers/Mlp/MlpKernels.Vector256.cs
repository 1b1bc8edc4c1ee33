using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Optimizers.Mlp;

internal static unsafe partial class MlpKernels
{
    private const int Vector256Lanes = 8;

    /// <summary><see cref="UpdateMomenta"/> for machines whose vectors have 256 bits: the same bits.</summary>
    /// <remarks>
    /// Each sum of sixteen lanes takes two of sixteen registers, so there are two sweeps: g, two momenta, w; three momenta.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void UpdateMomentaVector256(MlpVectors v, float* next, int n, float* squareSums)
    {
        float* g = v.G, w = v.W;
        float* m0 = v.M, m1 = m0 + v.Stride, m2 = m1 + v.Stride, m3 = m2 + v.Stride, m4 = m3 + v.Stride;
        float* n0 = next, n1 = n0 + v.Stride, n2 = n1 + v.Stride, n3 = n2 + v.Stride, n4 = n3 + v.Stride;
        V a0 = V.Zero, a1 = V.Zero, b0 = V.Zero, b1 = V.Zero, c0 = V.Zero, c1 = V.Zero, d0 = V.Zero, d1 = V.Zero;
        V keep = BetaVector256(0), take = OneMinusBetaVector256(0), keep1 = BetaVector256(1), take1 = OneMinusBetaVector256(1);
        for (int i = 0; i < n; i += Lanes)
        {
            V x = Vector256.Load(g + i);
            AddSquare(x, ref a0);
            Momentum(m0 + i, n0 + i, x, keep, take, ref b0);
            Momentum(m1 + i, n1 + i, x, keep1, take1, ref c0);
            AddSquare(Vector256.Load(w + i), ref d0);
            x = Vector256.Load(g + i + Vector256Lanes);
            AddSquare(x, ref a1);
            Momentum(m0 + i + Vector256Lanes, n0 + i + Vector256Lanes, x, keep, take, ref b1);
            Momentum(m1 + i + Vector256Lanes, n1 + i + Vector256Lanes, x, keep1, take1, ref c1);
            AddSquare(Vector256.Load(w + i + Vector256Lanes), ref d1);
        }

        squareSums[0] = SumVector256(a0, a1);
        squareSums[1] = SumVector256(b0, b1);
        squareSums[2] = SumVector256(c0, c1);
        squareSums[MlpShape.WeightVector] = SumVector256(d0, d1);
        (a0, a1, b0, b1, c0, c1) = (V.Zero, V.Zero, V.Zero, V.Zero, V.Zero, V.Zero);
        (keep, take, keep1, take1) = (BetaVector256(2), OneMinusBetaVector256(2), BetaVector256(3), OneMinusBetaVector256(3));
        V keep2 = BetaVector256(4), take2 = OneMinusBetaVector256(4);
        for (int i = 0; i < n; i += Lanes)
        {
            V x = Vector256.Load(g + i);
            Momentum(m2 + i, n2 + i, x, keep, take, ref a0);
            Momentum(m3 + i, n3 + i, x, keep1, take1, ref b0);
            Momentum(m4 + i, n4 + i, x, keep2, take2, ref c0);
            x = Vector256.Load(g + i + Vector256Lanes);
            Momentum(m2 + i + Vector256Lanes, n2 + i + Vector256Lanes, x, keep, take, ref a1);
            Momentum(m3 + i + Vector256Lanes, n3 + i + Vector256Lanes, x, keep1, take1, ref b1);
            Momentum(m4 + i + Vector256Lanes, n4 + i + Vector256Lanes, x, keep2, take2, ref c1);
        }

        squareSums[3] = SumVector256(a0, a1);
        squareSums[4] = SumVector256(b0, b1);
        squareSums[5] = SumVector256(c0, c1);
    }

    /// <summary><see cref="Apply"/> for machines whose vectors have 256 bits: the same bits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ApplyVector256(float* w, float* next, int n, MlpOutputs outputs, MlpScales scales)
    {
        V exponent = Vector256.Create(scales.Exponent), scale = Vector256.Create(scales.Step);
        int end = (n + Lanes - 1) / Lanes * Lanes;
        for (int i = 0; i < end; i += Vector256Lanes)
        {
            V size = ExpVector256(Vector256.Load(outputs.StepSizes + i) * exponent) * scale;
            size.Store(outputs.StepSizes + i);
            MaskedVector256(Vector256.Load(w + i) - (size * Vector256.Load(outputs.Directions + i)), n - i).Store(next + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Momentum(float* m, float* to, V g, V keep, V take, ref V squares)
    {
        V next = Vector256.FusedMultiplyAdd(keep, Vector256.Load(m), take * g);
        next.Store(to);
        AddSquare(next, ref squares);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSquare(V x, ref V sum) => sum = Vector256.FusedMultiplyAdd(x, x, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpVector256(V x)
    {
        V infinity = Vector256.Create(float.PositiveInfinity);
        return Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256.Create(88.72283f)), infinity, VectorMath.Exp(x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MaskedVector256(V x, int count) => count >= Vector256Lanes
        ? x
        : Vector256.ConditionalSelect(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle(), x, V.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumVector256(V low, V high) => VectorMath.Sum(Vector512.Create(low, high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BetaVector256(int momentum) => Vector256.Create((float)MlpShape.Decays[momentum]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OneMinusBetaVector256(int momentum) => Vector256.Create((float)(1 - MlpShape.Decays[momentum]));
}
