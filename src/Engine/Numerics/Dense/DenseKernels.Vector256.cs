using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Numerics.Dense;

internal static unsafe partial class DenseKernels
{
    /// <summary>
    /// Variant of <see cref="Multiply"/> for machines with 256-bit vectors: the same bits, in blocks that fit sixteen registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyVector256(in DenseProduct p)
    {
        for (int column = 0; column < p.Columns; column += 16)
            for (int row = 0; row < p.Rows; row += 6) Block6x16(p, row, column);
    }

    /// <summary>
    /// Computes 6 rows × 16 columns of C in twelve 256-bit registers: as many as fit beside their operands without AVX-512.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block6x16(in DenseProduct p, int row, int column)
    {
        // Offsets of rows 1 to 5 in A and C; rows past the last one repeat the last one.
        int last = p.Rows - 1 - row;
        nint aRow = p.ARowStride, cRow = p.CStride;
        nint s1 = last >= 1 ? aRow : 0, t1 = last >= 1 ? cRow : 0;
        nint s2 = s1 + (last >= 2 ? aRow : 0), t2 = t1 + (last >= 2 ? cRow : 0);
        nint s3 = s2 + (last >= 3 ? aRow : 0), t3 = t2 + (last >= 3 ? cRow : 0);
        nint s4 = s3 + (last >= 4 ? aRow : 0), t4 = t3 + (last >= 4 ? cRow : 0);
        nint s5 = s4 + (last >= 5 ? aRow : 0), t5 = t4 + (last >= 5 ? cRow : 0);
        float* c = p.C + (row * cRow) + column;
        V start0 = p.Bias == null ? V.Zero : Vector256.Load(p.Bias + column);
        V start1 = p.Bias == null ? V.Zero : Vector256.Load(p.Bias + column + 8);
        V c00 = start0, c01 = start1;
        V c10 = start0, c11 = start1;
        V c20 = start0, c21 = start1;
        V c30 = start0, c31 = start1;
        V c40 = start0, c41 = start1;
        V c50 = start0, c51 = start1;
        if (p.Accumulate)
        {
            c00 = Vector256.Load(c);
            c01 = Vector256.Load(c + 8);
            c10 = Vector256.Load(c + t1);
            c11 = Vector256.Load(c + t1 + 8);
            c20 = Vector256.Load(c + t2);
            c21 = Vector256.Load(c + t2 + 8);
            c30 = Vector256.Load(c + t3);
            c31 = Vector256.Load(c + t3 + 8);
            c40 = Vector256.Load(c + t4);
            c41 = Vector256.Load(c + t4 + 8);
            c50 = Vector256.Load(c + t5);
            c51 = Vector256.Load(c + t5 + 8);
        }

        nint aStep = p.ADepthStride, bStep = p.BStride;
        float* a = p.A + (row * aRow);
        float* b = p.B + column;
        bool second = p.A2 != null;
        while (true)
        {
            float* end = b + (p.Depth * bStep);
            do
            {
                V b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8);
                var a0 = Vector256.Create(*a);
                c00 = Vector256.FusedMultiplyAdd(a0, b0, c00);
                c01 = Vector256.FusedMultiplyAdd(a0, b1, c01);
                var a1 = Vector256.Create(a[s1]);
                c10 = Vector256.FusedMultiplyAdd(a1, b0, c10);
                c11 = Vector256.FusedMultiplyAdd(a1, b1, c11);
                var a2 = Vector256.Create(a[s2]);
                c20 = Vector256.FusedMultiplyAdd(a2, b0, c20);
                c21 = Vector256.FusedMultiplyAdd(a2, b1, c21);
                var a3 = Vector256.Create(a[s3]);
                c30 = Vector256.FusedMultiplyAdd(a3, b0, c30);
                c31 = Vector256.FusedMultiplyAdd(a3, b1, c31);
                var a4 = Vector256.Create(a[s4]);
                c40 = Vector256.FusedMultiplyAdd(a4, b0, c40);
                c41 = Vector256.FusedMultiplyAdd(a4, b1, c41);
                var a5 = Vector256.Create(a[s5]);
                c50 = Vector256.FusedMultiplyAdd(a5, b0, c50);
                c51 = Vector256.FusedMultiplyAdd(a5, b1, c51);
                a += aStep;
                b += bStep;
            }
            while (b != end);

            if (!second) break;
            second = false;
            a = p.A2 + (row * aRow);
            b = p.B2 + column;
        }

        if (p.Relu)
        {
            c00 = Relu(c00);
            c01 = Relu(c01);
            c10 = Relu(c10);
            c11 = Relu(c11);
            c20 = Relu(c20);
            c21 = Relu(c21);
            c30 = Relu(c30);
            c31 = Relu(c31);
            c40 = Relu(c40);
            c41 = Relu(c41);
            c50 = Relu(c50);
            c51 = Relu(c51);
        }

        if (p.Mask != null)
        {
            float* m = p.Mask + (row * cRow) + column;
            c00 = WherePositive(m, c00);
            c01 = WherePositive(m + 8, c01);
            c10 = WherePositive(m + t1, c10);
            c11 = WherePositive(m + t1 + 8, c11);
            c20 = WherePositive(m + t2, c20);
            c21 = WherePositive(m + t2 + 8, c21);
            c30 = WherePositive(m + t3, c30);
            c31 = WherePositive(m + t3 + 8, c31);
            c40 = WherePositive(m + t4, c40);
            c41 = WherePositive(m + t4 + 8, c41);
            c50 = WherePositive(m + t5, c50);
            c51 = WherePositive(m + t5 + 8, c51);
        }

        c00.Store(c);
        c01.Store(c + 8);
        c10.Store(c + t1);
        c11.Store(c + t1 + 8);
        c20.Store(c + t2);
        c21.Store(c + t2 + 8);
        c30.Store(c + t3);
        c31.Store(c + t3 + 8);
        c40.Store(c + t4);
        c41.Store(c + t4 + 8);
        c50.Store(c + t5);
        c51.Store(c + t5 + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Relu(V x) => Vector256.MaxNative(V.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WherePositive(float* mask, V x) => Vector256.GreaterThan(Vector256.Load(mask), V.Zero) & x;
}
