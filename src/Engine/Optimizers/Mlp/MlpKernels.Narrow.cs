using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Optimizers.Mlp;

internal static unsafe partial class MlpKernels
{
    private const int NarrowLanes = 8;

    /// <summary><see cref="UpdateMomenta"/> for machines whose vectors have 256 bits: the same bits.</summary>
    /// <remarks>
    /// Each sum of sixteen lanes takes two of sixteen registers, so there are two sweeps: g, two momenta, w; three momenta.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void UpdateMomentaNarrow(MlpVectors v, float* next, int n, float* squareSums)
    {
        float* g = v.G, w = v.W;
        float* m0 = v.M, m1 = m0 + v.Stride, m2 = m1 + v.Stride, m3 = m2 + v.Stride, m4 = m3 + v.Stride;
        float* n0 = next, n1 = n0 + v.Stride, n2 = n1 + v.Stride, n3 = n2 + v.Stride, n4 = n3 + v.Stride;
        V a0 = V.Zero, a1 = V.Zero, b0 = V.Zero, b1 = V.Zero, c0 = V.Zero, c1 = V.Zero, d0 = V.Zero, d1 = V.Zero;
        V keep = NarrowKeep(0), take = NarrowTake(0), keep1 = NarrowKeep(1), take1 = NarrowTake(1);
        for (int i = 0; i < n; i += Lanes)
        {
            V x = Vector256.Load(g + i);
            AddSquare(x, ref a0);
            Momentum(m0 + i, n0 + i, x, keep, take, ref b0);
            Momentum(m1 + i, n1 + i, x, keep1, take1, ref c0);
            AddSquare(Vector256.Load(w + i), ref d0);
            x = Vector256.Load(g + i + NarrowLanes);
            AddSquare(x, ref a1);
            Momentum(m0 + i + NarrowLanes, n0 + i + NarrowLanes, x, keep, take, ref b1);
            Momentum(m1 + i + NarrowLanes, n1 + i + NarrowLanes, x, keep1, take1, ref c1);
            AddSquare(Vector256.Load(w + i + NarrowLanes), ref d1);
        }

        squareSums[0] = NarrowSum(a0, a1);
        squareSums[1] = NarrowSum(b0, b1);
        squareSums[2] = NarrowSum(c0, c1);
        squareSums[MlpForm.WeightVector] = NarrowSum(d0, d1);
        (a0, a1, b0, b1, c0, c1) = (V.Zero, V.Zero, V.Zero, V.Zero, V.Zero, V.Zero);
        (keep, take, keep1, take1) = (NarrowKeep(2), NarrowTake(2), NarrowKeep(3), NarrowTake(3));
        V keep2 = NarrowKeep(4), take2 = NarrowTake(4);
        for (int i = 0; i < n; i += Lanes)
        {
            V x = Vector256.Load(g + i);
            Momentum(m2 + i, n2 + i, x, keep, take, ref a0);
            Momentum(m3 + i, n3 + i, x, keep1, take1, ref b0);
            Momentum(m4 + i, n4 + i, x, keep2, take2, ref c0);
            x = Vector256.Load(g + i + NarrowLanes);
            Momentum(m2 + i + NarrowLanes, n2 + i + NarrowLanes, x, keep, take, ref a1);
            Momentum(m3 + i + NarrowLanes, n3 + i + NarrowLanes, x, keep1, take1, ref b1);
            Momentum(m4 + i + NarrowLanes, n4 + i + NarrowLanes, x, keep2, take2, ref c1);
        }

        squareSums[3] = NarrowSum(a0, a1);
        squareSums[4] = NarrowSum(b0, b1);
        squareSums[5] = NarrowSum(c0, c1);
    }

    /// <summary><see cref="Apply"/> for machines whose vectors have 256 bits: the same bits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ApplyNarrow(float* w, float* next, int n, MlpOutputs outputs, MlpScales scales)
    {
        V exponent = Vector256.Create(scales.Exponent), scale = Vector256.Create(scales.Step);
        int end = (n + Lanes - 1) / Lanes * Lanes;
        for (int i = 0; i < end; i += NarrowLanes)
        {
            V size = NarrowExp(Vector256.Load(outputs.Steps + i) * exponent) * scale;
            size.Store(outputs.Steps + i);
            NarrowMasked(Vector256.Load(w + i) - (size * Vector256.Load(outputs.Directions + i)), n - i).Store(next + i);
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
    private static V NarrowExp(V x)
    {
        V infinity = Vector256.Create(float.PositiveInfinity);
        return Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256.Create(88.72283f)), infinity, VectorMath.Exp(x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NarrowMasked(V x, int count) => count >= NarrowLanes
        ? x
        : Vector256.ConditionalSelect(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle(), x, V.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float NarrowSum(V low, V high) => VectorMath.Sum(Vector512.Create(low, high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NarrowKeep(int momentum) => Vector256.Create((float)MlpForm.Decays[momentum]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NarrowTake(int momentum) => Vector256.Create((float)(1 - MlpForm.Decays[momentum]));
}
