using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;
using Quad = System.Runtime.Intrinsics.Vector128<float>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>For each hidden unit the sums of ō0 x_f and ō1 x_f over the parameters for which it is active, x_7 = 1.</summary>
/// <remarks>
/// A parameter's sixteen products are one vector, which has to be added to the sums of each of its active units. Instead it is added to one
/// bucket for each five or six units, that of the parameters with the same of these active: six additions a parameter rather than up to 32,
/// and no multiplication. What a unit gets is then the sum of half of the buckets of its group. The buckets are 16 kB and stay in the
/// first-level cache.
/// </remarks>
internal sealed unsafe class MlpActiveSums : IDisposable
{
    /// <summary>Sums of a unit: ō0 times seven base vectors and 1, ō1 times the same.</summary>
    public const int Sums = 2 * (MlpShape.BaseVectors + 1);

    private const int Lanes = MlpKernels.Lanes;
    private const int Hidden = MlpShape.Hidden;

    /// <summary>Bits of <see cref="MlpOutputs.Active"/> that a group takes, from the lowest on.</summary>
    private const int Six = 6, Five = 5;
    private const int SixBuckets = 1 << Six, FiveBuckets = 1 << Five;
    private const int SixLength = SixBuckets * Lanes, FiveLength = FiveBuckets * Lanes;

    private readonly AlignedBuffer _buckets = new((2 * SixLength) + (4 * FiveLength));
    private readonly AlignedBuffer _units = new(Hidden * Sums);
    private readonly AlignedBuffer _turned = new(Sums * Hidden);

    /// <summary>Adds n parameters; the rest of the last four has ō = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(MlpVectors v, int n, float* directions, float* magnitudes, uint* active)
    {
        float* g = v.G, w = v.W, buckets = _buckets.Pointer;
        float* m0 = v.M, m1 = m0 + v.Stride, m2 = m1 + v.Stride, m3 = m2 + v.Stride, m4 = m3 + v.Stride;
        for (int i = 0; i < n; i += 4)
        {
            Quad a0 = Vector128.Load(g + i), a1 = Vector128.Load(m0 + i), a2 = Vector128.Load(m1 + i), a3 = Vector128.Load(m2 + i);
            Quad b0 = Vector128.Load(m3 + i), b1 = Vector128.Load(m4 + i), b2 = Vector128.Load(w + i), b3 = Quad.One;
            Transposition.TransposeFour(ref a0, ref a1, ref a2, ref a3);
            Transposition.TransposeFour(ref b0, ref b1, ref b2, ref b3);
            Add(a0, b0, directions + i, magnitudes + i, active[i], buckets);
            Add(a1, b1, directions + i + 1, magnitudes + i + 1, active[i + 1], buckets);
            Add(a2, b2, directions + i + 2, magnitudes + i + 2, active[i + 2], buckets);
            Add(a3, b3, directions + i + 3, magnitudes + i + 3, active[i + 3], buckets);
        }
    }

    /// <summary>Adds the units' sums since the last call to <paramref name="totals"/> [16, 32].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddTo(double* totals)
    {
        float* buckets = _buckets.Pointer, unit = _units.Pointer + ((Hidden - 1) * Sums);
        for (int group = 0; group < 6; group++)
        {
            int bits = group < 2 ? Six : Five;
            Reduce(buckets, bits, unit);
            buckets += Lanes << bits;
            unit -= bits * Sums;
        }

        Transposition.Transpose(_units.Pointer, Sums, Hidden, Sums, _turned.Pointer, Hidden);
        for (int i = 0; i < Sums * Hidden; i += 4)
        {
            // As wide as what was just stored there: a wider load would have to wait for several stores.
            Quad four = Vector128.Load(_turned.Pointer + i);
            (Vector256.Load(totals + i) + Vector256.Create(Vector128.WidenLower(four), Vector128.WidenUpper(four))).Store(totals + i);
        }
    }

    public void Dispose()
    {
        _buckets.Dispose();
        _units.Dispose();
        _turned.Dispose();
    }

    /// <summary>One parameter: its inputs are the two fours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Quad low, Quad high, float* direction, float* magnitude, nuint active, float* buckets)
    {
        var inputs = Vector256.Create(low, high);
        V products = Vector512.Create(inputs, inputs) * Vector512.Create(Vector256.Create(*direction), Vector256.Create(*magnitude));
        Add(buckets + ((active & (SixBuckets - 1)) * Lanes), products);
        Add(buckets + SixLength + (((active >> Six) & (SixBuckets - 1)) * Lanes), products);
        buckets += 2 * SixLength;
        Add(buckets + (((active >> (2 * Six)) & (FiveBuckets - 1)) * Lanes), products);
        Add(buckets + FiveLength + (((active >> ((2 * Six) + Five)) & (FiveBuckets - 1)) * Lanes), products);
        Add(buckets + (2 * FiveLength) + (((active >> ((2 * Six) + (2 * Five))) & (FiveBuckets - 1)) * Lanes), products);
        Add(buckets + (3 * FiveLength) + (((active >> ((2 * Six) + (3 * Five))) & (FiveBuckets - 1)) * Lanes), products);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* bucket, V products) => (Vector512.Load(bucket) + products).Store(bucket);

    /// <summary>
    /// The sums of a group's units, from its buckets as a matrix of eight columns: a low bit's from the columns' sums, a high bit's from
    /// the rows'. Leaves zeros.
    /// </summary>
    /// <param name="unit">The sums of the lowest bit's unit; the next bit's lie before them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Reduce(float* buckets, int bits, float* unit)
    {
        V c0 = V.Zero, c1 = V.Zero, c2 = V.Zero, c3 = V.Zero, c4 = V.Zero, c5 = V.Zero, c6 = V.Zero, c7 = V.Zero;
        V r0 = V.Zero, r1 = V.Zero, r2 = V.Zero;
        for (int row = 0; row < (1 << bits) / 8; row++, buckets += 8 * Lanes)
        {
            V x0 = LoadAndClear(buckets), x1 = LoadAndClear(buckets + 16);
            V x2 = LoadAndClear(buckets + 32), x3 = LoadAndClear(buckets + 48);
            V x4 = LoadAndClear(buckets + 64), x5 = LoadAndClear(buckets + 80);
            V x6 = LoadAndClear(buckets + 96), x7 = LoadAndClear(buckets + 112);
            c0 += x0;
            c1 += x1;
            c2 += x2;
            c3 += x3;
            c4 += x4;
            c5 += x5;
            c6 += x6;
            c7 += x7;
            V sum = ((x0 + x1) + (x2 + x3)) + ((x4 + x5) + (x6 + x7));
            if ((row & 1) != 0) r0 += sum;
            if ((row & 2) != 0) r1 += sum;
            if ((row & 4) != 0) r2 += sum;
        }

        ((c1 + c3) + (c5 + c7)).Store(unit);
        ((c2 + c3) + (c6 + c7)).Store(unit - Sums);
        ((c4 + c5) + (c6 + c7)).Store(unit - (2 * Sums));
        r0.Store(unit - (3 * Sums));
        r1.Store(unit - (4 * Sums));
        if (bits == Six) r2.Store(unit - (5 * Sums));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LoadAndClear(float* bucket)
    {
        V x = Vector512.Load(bucket);
        V.Zero.Store(bucket);
        return x;
    }
}
