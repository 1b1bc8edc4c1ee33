using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Numerics;

/// <summary>Products of small dense matrices: all that a fully connected net multiplies.</summary>
internal static unsafe partial class DenseKernels
{
    /// <summary>C[m, n] = f(start[m, n] + Σ_t A[m, t] B[t, n] + Σ_t A₂[m, t] B₂[t, n]), as <see cref="DenseProduct"/> says.</summary>
    /// <remarks>
    /// Each element is one chain of fused multiply-adds in the order of t, so its bits depend neither on the block it falls into nor on the
    /// machine. NaN and ∞ go their usual way. A block that reaches past the last row repeats the last row instead, and stores its result again.
    /// </remarks>
    public static void Multiply(in DenseProduct p)
    {
        int pairs = p.Columns & ~31;
        for (int column = 0; column < pairs; column += 32)
            for (int row = 0; row < p.Rows; row += 8) Block8x2(p, row, column);
        if (pairs == p.Columns) return;
        for (int row = 0; row < p.Rows; row += 8) Block8x1(p, row, pairs);
    }

    /// <summary>8 rows × 32 columns of C in registers: for each depth, 2 loads of B, 8 broadcasts of A, 16 multiply-adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block8x2(in DenseProduct p, int row, int column)
    {
        int last = Math.Min(p.Rows - row, 8) - 1;
        nint aRow = p.ARowStride, cRow = p.CStride;
        nint r1 = Math.Min(1, last);
        nint r2 = Math.Min(2, last);
        nint r3 = Math.Min(3, last);
        nint r4 = Math.Min(4, last);
        nint r5 = Math.Min(5, last);
        nint r6 = Math.Min(6, last);
        nint r7 = Math.Min(7, last);
        float* c = p.C + (row * cRow) + column;
        V c00 = Start(p, c, column), c01 = Start(p, c + 16, column + 16);
        V c10 = Start(p, c + (r1 * cRow), column), c11 = Start(p, c + (r1 * cRow) + 16, column + 16);
        V c20 = Start(p, c + (r2 * cRow), column), c21 = Start(p, c + (r2 * cRow) + 16, column + 16);
        V c30 = Start(p, c + (r3 * cRow), column), c31 = Start(p, c + (r3 * cRow) + 16, column + 16);
        V c40 = Start(p, c + (r4 * cRow), column), c41 = Start(p, c + (r4 * cRow) + 16, column + 16);
        V c50 = Start(p, c + (r5 * cRow), column), c51 = Start(p, c + (r5 * cRow) + 16, column + 16);
        V c60 = Start(p, c + (r6 * cRow), column), c61 = Start(p, c + (r6 * cRow) + 16, column + 16);
        V c70 = Start(p, c + (r7 * cRow), column), c71 = Start(p, c + (r7 * cRow) + 16, column + 16);
        nint s1 = r1 * aRow, s2 = r2 * aRow, s3 = r3 * aRow, s4 = r4 * aRow, s5 = r5 * aRow, s6 = r6 * aRow, s7 = r7 * aRow;
        nint aStep = p.ADepthStride, bStep = p.BStride;
        float* a = p.A + (row * aRow);
        float* b = p.B + column;
        bool second = false;
        while (true)
        {
            float* end = b + (p.Depth * bStep);
            do
            {
                V b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16);
                var a0 = Vector512.Create(a[0]);
                c00 = Vector512.FusedMultiplyAdd(a0, b0, c00);
                c01 = Vector512.FusedMultiplyAdd(a0, b1, c01);
                var a1 = Vector512.Create(a[s1]);
                c10 = Vector512.FusedMultiplyAdd(a1, b0, c10);
                c11 = Vector512.FusedMultiplyAdd(a1, b1, c11);
                var a2 = Vector512.Create(a[s2]);
                c20 = Vector512.FusedMultiplyAdd(a2, b0, c20);
                c21 = Vector512.FusedMultiplyAdd(a2, b1, c21);
                var a3 = Vector512.Create(a[s3]);
                c30 = Vector512.FusedMultiplyAdd(a3, b0, c30);
                c31 = Vector512.FusedMultiplyAdd(a3, b1, c31);
                var a4 = Vector512.Create(a[s4]);
                c40 = Vector512.FusedMultiplyAdd(a4, b0, c40);
                c41 = Vector512.FusedMultiplyAdd(a4, b1, c41);
                var a5 = Vector512.Create(a[s5]);
                c50 = Vector512.FusedMultiplyAdd(a5, b0, c50);
                c51 = Vector512.FusedMultiplyAdd(a5, b1, c51);
                var a6 = Vector512.Create(a[s6]);
                c60 = Vector512.FusedMultiplyAdd(a6, b0, c60);
                c61 = Vector512.FusedMultiplyAdd(a6, b1, c61);
                var a7 = Vector512.Create(a[s7]);
                c70 = Vector512.FusedMultiplyAdd(a7, b0, c70);
                c71 = Vector512.FusedMultiplyAdd(a7, b1, c71);
                a += aStep;
                b += bStep;
            }
            while (b != end);

            if (p.A2 == null || second) break;
            second = true;
            a = p.A2 + (row * aRow);
            b = p.B2 + column;
        }

        Finish(p, c, c00);
        Finish(p, c + 16, c01);
        Finish(p, c + (r1 * cRow), c10);
        Finish(p, c + (r1 * cRow) + 16, c11);
        Finish(p, c + (r2 * cRow), c20);
        Finish(p, c + (r2 * cRow) + 16, c21);
        Finish(p, c + (r3 * cRow), c30);
        Finish(p, c + (r3 * cRow) + 16, c31);
        Finish(p, c + (r4 * cRow), c40);
        Finish(p, c + (r4 * cRow) + 16, c41);
        Finish(p, c + (r5 * cRow), c50);
        Finish(p, c + (r5 * cRow) + 16, c51);
        Finish(p, c + (r6 * cRow), c60);
        Finish(p, c + (r6 * cRow) + 16, c61);
        Finish(p, c + (r7 * cRow), c70);
        Finish(p, c + (r7 * cRow) + 16, c71);
    }

    /// <summary>8 rows × 16 columns of C in registers: for each depth, 1 load of B, 8 broadcasts of A, 8 multiply-adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block8x1(in DenseProduct p, int row, int column)
    {
        int last = Math.Min(p.Rows - row, 8) - 1;
        nint aRow = p.ARowStride, cRow = p.CStride;
        nint r1 = Math.Min(1, last);
        nint r2 = Math.Min(2, last);
        nint r3 = Math.Min(3, last);
        nint r4 = Math.Min(4, last);
        nint r5 = Math.Min(5, last);
        nint r6 = Math.Min(6, last);
        nint r7 = Math.Min(7, last);
        float* c = p.C + (row * cRow) + column;
        V c00 = Start(p, c, column);
        V c10 = Start(p, c + (r1 * cRow), column);
        V c20 = Start(p, c + (r2 * cRow), column);
        V c30 = Start(p, c + (r3 * cRow), column);
        V c40 = Start(p, c + (r4 * cRow), column);
        V c50 = Start(p, c + (r5 * cRow), column);
        V c60 = Start(p, c + (r6 * cRow), column);
        V c70 = Start(p, c + (r7 * cRow), column);
        nint s1 = r1 * aRow, s2 = r2 * aRow, s3 = r3 * aRow, s4 = r4 * aRow, s5 = r5 * aRow, s6 = r6 * aRow, s7 = r7 * aRow;
        nint aStep = p.ADepthStride, bStep = p.BStride;
        float* a = p.A + (row * aRow);
        float* b = p.B + column;
        bool second = false;
        while (true)
        {
            float* end = b + (p.Depth * bStep);
            do
            {
                V b0 = Vector512.Load(b);
                c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), b0, c00);
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[s1]), b0, c10);
                c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[s2]), b0, c20);
                c30 = Vector512.FusedMultiplyAdd(Vector512.Create(a[s3]), b0, c30);
                c40 = Vector512.FusedMultiplyAdd(Vector512.Create(a[s4]), b0, c40);
                c50 = Vector512.FusedMultiplyAdd(Vector512.Create(a[s5]), b0, c50);
                c60 = Vector512.FusedMultiplyAdd(Vector512.Create(a[s6]), b0, c60);
                c70 = Vector512.FusedMultiplyAdd(Vector512.Create(a[s7]), b0, c70);
                a += aStep;
                b += bStep;
            }
            while (b != end);

            if (p.A2 == null || second) break;
            second = true;
            a = p.A2 + (row * aRow);
            b = p.B2 + column;
        }

        Finish(p, c, c00);
        Finish(p, c + (r1 * cRow), c10);
        Finish(p, c + (r2 * cRow), c20);
        Finish(p, c + (r3 * cRow), c30);
        Finish(p, c + (r4 * cRow), c40);
        Finish(p, c + (r5 * cRow), c50);
        Finish(p, c + (r6 * cRow), c60);
        Finish(p, c + (r7 * cRow), c70);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Start(in DenseProduct p, float* c, int column)
    {
        if (p.Bias != null) return Vector512.Load(p.Bias + column);
        return p.Accumulate ? Vector512.Load(c) : V.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(in DenseProduct p, float* c, V sum)
    {
        // The native maximum gives its second operand when one is NaN: a net that has overflowed must not look alive.
        if (p.Relu) sum = Vector512.MaxNative(V.Zero, sum);
        if (p.Mask != null) sum &= Vector512.GreaterThan(Vector512.Load(p.Mask + (c - p.C)), V.Zero);
        sum.Store(c);
    }
}
