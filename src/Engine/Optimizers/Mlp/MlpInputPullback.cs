using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static LoptCluster.Engine.Optimizers.Mlp.MlpKernels;
using I = System.Runtime.Intrinsics.Vector512<int>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>The cotangents of g, w and m of one tensor; the second sweep of <see cref="MlpPullback"/>.</summary>
/// <remarks>
/// Through the MLP an input x_f gets q_f = ō0 Σⱼ W_fj d_j + ō1 Σⱼ W_fj e_j over the active units j, d and e the two columns of W2. These
/// sums take one of sixteen values for each four units, which <see cref="Prepare"/> tabulates and a permutation looks up: 8 additions
/// instead of 32 multiply-adds.
/// </remarks>
internal static unsafe partial class MlpInputPullback
{
    /// <summary>Floats of the tables: [8 fours of units, 7 inputs of the direction and 7 of the magnitude, 16].</summary>
    public const int TablesLength = Fours * Rows * Lanes;

    private const int Lanes = MlpKernels.Lanes;
    private const int Hidden = MlpShape.Hidden;
    private const int Fours = Hidden / 4;
    private const int Rows = 2 * MlpShape.BaseVectors;

    /// <summary>
    /// The tables of a tensor from its units. Bit b of an index of the gth four stands for unit 31 − 4g − b, as <see
    /// cref="MlpOutputs.Active"/> has them.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Prepare(float* units, float* tables)
    {
        float* products = stackalloc float[Hidden];
        V bit0 = WithBit(0), bit1 = WithBit(1), bit2 = WithBit(2), bit3 = WithBit(3);
        for (int row = 0; row < Rows; row++)
        {
            bool direction = row < MlpShape.BaseVectors;
            float* weights = units + ((MlpUnits.Vectors + (direction ? row : row - MlpShape.BaseVectors)) * Hidden);
            float* output = units + ((direction ? MlpUnits.Direction : MlpUnits.Magnitude) * Hidden);
            for (int j = 0; j < Hidden; j += Lanes) (Vector512.Load(weights + j) * Vector512.Load(output + j)).Store(products + j);
            float* to = tables + (row * Lanes);
            for (float* p = products + Hidden - 4; p >= products; p -= 4, to += Rows * Lanes)
            {
                // From 0, so that no entry is −0 and a sum of entries has the same bits whether it starts from 0 or from the first.
                V sums = V.Zero + (bit0 & Vector512.Create(p[3])) + (bit1 & Vector512.Create(p[2]));
                (sums + ((bit2 & Vector512.Create(p[1])) + (bit3 & Vector512.Create(p[0])))).Store(to);
            }
        }
    }

    /// <summary>
    /// q, and what goes through the normalisers by κ; cotangents of m pass on through m ← β m + (1 − β) g. Padding stays zero, whatever κ
    /// is.
    /// </summary>
    /// <param name="v">g, w and the momenta after the update.</param>
    /// <param name="cotangents">Of w and m in and out, of g out.</param>
    /// <param name="n">Parameters of the tensor.</param>
    /// <param name="correction">κ of each base vector.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        MlpVectors v, MlpVectors cotangents, int n, MlpScales scales, MlpOutputs outputs, float* tables, float* correction)
    {
        V kg = Vector512.Create(correction[0]), kw = Vector512.Create(correction[MlpShape.WeightVector]);
        V k0 = Vector512.Create(correction[1]), k1 = Vector512.Create(correction[2]), k2 = Vector512.Create(correction[3]);
        V k3 = Vector512.Create(correction[4]), k4 = Vector512.Create(correction[5]);
        V b0 = Beta(0), b1 = Beta(1), b2 = Beta(2), b3 = Beta(3), b4 = Beta(4);
        V c0 = OneMinusBeta(0), c1 = OneMinusBeta(1), c2 = OneMinusBeta(2), c3 = OneMinusBeta(3), c4 = OneMinusBeta(4);
        V exponent = Vector512.Create(scales.Exponent), one = V.One;
        nint from = v.Stride, to = cotangents.Stride;
        float* found = stackalloc float[Vector512.IsHardwareAccelerated ? 1 : Rows * Lanes];
        for (int i = 0; i < n; i += Lanes)
        {
            V p0, p1, p2, p3, p4, p5, p6, r0, r1, r2, r3, r4, r5, r6;
            if (!Vector512.IsHardwareAccelerated)
            {
                LookUpVector256(tables, outputs.Active + i, found);
                (p0, p1, p2, p3) = (
                    Vector512.Load(found), Vector512.Load(found + 16), Vector512.Load(found + 32), Vector512.Load(found + 48));
                (p4, p5, p6, r0) = (
                    Vector512.Load(found + 64), Vector512.Load(found + 80), Vector512.Load(found + 96), Vector512.Load(found + 112));
                (r1, r2, r3, r4) = (
                    Vector512.Load(found + 128), Vector512.Load(found + 144), Vector512.Load(found + 160), Vector512.Load(found + 176));
                (r5, r6) = (Vector512.Load(found + 192), Vector512.Load(found + 208));
            }
            else
            {
                I index = Vector512.Load((int*)(outputs.Active + i));
                float* table = tables, end = tables + TablesLength;
                (p0, p1, p2, p3) = (LookUp(table, index), LookUp(table + 16, index), LookUp(table + 32, index), LookUp(table + 48, index));
                (p4, p5, p6, r0) = (
                    LookUp(table + 64, index), LookUp(table + 80, index), LookUp(table + 96, index), LookUp(table + 112, index));
                (r1, r2, r3, r4) = (
                    LookUp(table + 128, index), LookUp(table + 144, index), LookUp(table + 160, index), LookUp(table + 176, index));
                (r5, r6) = (LookUp(table + 192, index), LookUp(table + 208, index));
                for (table += Rows * Lanes; table < end; table += Rows * Lanes)
                {
                    index >>= 4;

                    // Half of the additions are left to the multipliers.
                    p0 += LookUp(table, index);
                    p1 = Fma(one, LookUp(table + 16, index), p1);
                    p2 += LookUp(table + 32, index);
                    p3 = Fma(one, LookUp(table + 48, index), p3);
                    p4 += LookUp(table + 64, index);
                    p5 = Fma(one, LookUp(table + 80, index), p5);
                    p6 += LookUp(table + 96, index);
                    r0 = Fma(one, LookUp(table + 112, index), r0);
                    r1 += LookUp(table + 128, index);
                    r2 = Fma(one, LookUp(table + 144, index), r2);
                    r3 += LookUp(table + 160, index);
                    r4 = Fma(one, LookUp(table + 176, index), r4);
                    r5 += LookUp(table + 192, index);
                    r6 = Fma(one, LookUp(table + 208, index), r6);
                }
            }

            int left = n - i;
            float* m = v.M + i, c = cotangents.M + i, wc = cotangents.W + i;
            MlpPullbackKernels.Cotangents(wc, outputs.Directions + i, outputs.StepSizes + i, left, exponent, out V o0, out V o1);
            V g = Fma(kg, Vector512.Load(v.G + i), Fma(o0, p0, o1 * r0));
            Momentum(m, c, Fma(o0, p1, o1 * r1), left, k0, b0, c0, ref g);
            Momentum(m + from, c + to, Fma(o0, p2, o1 * r2), left, k1, b1, c1, ref g);
            Momentum(m + (2 * from), c + (2 * to), Fma(o0, p3, o1 * r3), left, k2, b2, c2, ref g);
            Momentum(m + (3 * from), c + (3 * to), Fma(o0, p4, o1 * r4), left, k3, b3, c3, ref g);
            Momentum(m + (4 * from), c + (4 * to), Fma(o0, p5, o1 * r5), left, k4, b4, c4, ref g);
            Masked(g, left).Store(cotangents.G + i);
            V w = Fma(kw, Vector512.Load(v.W + i), Fma(o0, p6, o1 * r6));
            Masked(Vector512.Load(wc) + w, left).Store(wc);
        }
    }

    /// <summary>All bits in the lanes whose number has this bit.</summary>
    private static V WithBit(int bit) => ((I.Indices << (31 - bit)) >> 31).AsSingle();

    /// <summary>table[index mod 16], lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LookUp(float* table, I index) => Avx512F.PermuteVar16x32(Vector512.Load(table), index);

    /// <summary>One momentum's cotangent, and what it sends on to g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Momentum(float* m, float* cotangent, V direct, int count, V correction, V keep, V take, ref V g)
    {
        V c = Vector512.Load(cotangent) + Fma(correction, Vector512.Load(m), direct);
        g = Fma(take, c, g);
        Masked(c * keep, count).Store(cotangent);
    }
}
