using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Numerics.Dense;

/// <summary>Products of small dense matrices, as fully connected networks need them.</summary>
internal static unsafe partial class DenseKernels
{
    /// <summary>
    /// Computes C[m, n] = f(start[m, n] + Σ_t A[m, t] B[t, n] + Σ_t A₂[m, t] B₂[t, n]), defined by <see cref="DenseProduct"/>.
    /// </summary>
    /// <remarks>
    /// Each element is one chain of fused multiply-adds in the order of t, so its bits depend neither on its block nor on the
    /// machine. NaN and ∞ propagate. A block that reaches past the last row repeats the last row and stores its result again.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in DenseProduct p)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            MultiplyVector256(p);
            return;
        }

        int pairs = p.Columns & ~31;
        for (int column = 0; column < pairs; column += 32)
            for (int row = 0; row < p.Rows; row += 8) Block8x2(p, row, column);
        if (pairs == p.Columns) return;
        for (int row = 0; row < p.Rows; row += 8) Block8x1(p, row, pairs);
    }

    /// <summary>
    /// Computes 8 rows × 32 columns of C in registers: for each depth, 2 loads of B, 8 broadcasts of A, 16 multiply-adds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block8x2(in DenseProduct p, int row, int column)
    {
        // Offsets of rows 1 to 7 in A and C; rows past the last one repeat the last one.
        int last = p.Rows - 1 - row;
        nint aRow = p.ARowStride, cRow = p.CStride;
        nint s1 = last >= 1 ? aRow : 0, t1 = last >= 1 ? cRow : 0;
        nint s2 = s1 + (last >= 2 ? aRow : 0), t2 = t1 + (last >= 2 ? cRow : 0);
        nint s3 = s2 + (last >= 3 ? aRow : 0), t3 = t2 + (last >= 3 ? cRow : 0);
        nint s4 = s3 + (last >= 4 ? aRow : 0), t4 = t3 + (last >= 4 ? cRow : 0);
        nint s5 = s4 + (last >= 5 ? aRow : 0), t5 = t4 + (last >= 5 ? cRow : 0);
        nint s6 = s5 + (last >= 6 ? aRow : 0), t6 = t5 + (last >= 6 ? cRow : 0);
        nint s7 = s6 + (last >= 7 ? aRow : 0), t7 = t6 + (last >= 7 ? cRow : 0);
        float* c = p.C + (row * cRow) + column;
        V start0 = p.Bias == null ? V.Zero : Vector512.Load(p.Bias + column);
        V start1 = p.Bias == null ? V.Zero : Vector512.Load(p.Bias + column + 16);
        V c00 = start0, c01 = start1;
        V c10 = start0, c11 = start1;
        V c20 = start0, c21 = start1;
        V c30 = start0, c31 = start1;
        V c40 = start0, c41 = start1;
        V c50 = start0, c51 = start1;
        V c60 = start0, c61 = start1;
        V c70 = start0, c71 = start1;
        if (p.Accumulate)
        {
            c00 = Vector512.Load(c);
            c01 = Vector512.Load(c + 16);
            c10 = Vector512.Load(c + t1);
            c11 = Vector512.Load(c + t1 + 16);
            c20 = Vector512.Load(c + t2);
            c21 = Vector512.Load(c + t2 + 16);
            c30 = Vector512.Load(c + t3);
            c31 = Vector512.Load(c + t3 + 16);
            c40 = Vector512.Load(c + t4);
            c41 = Vector512.Load(c + t4 + 16);
            c50 = Vector512.Load(c + t5);
            c51 = Vector512.Load(c + t5 + 16);
            c60 = Vector512.Load(c + t6);
            c61 = Vector512.Load(c + t6 + 16);
            c70 = Vector512.Load(c + t7);
            c71 = Vector512.Load(c + t7 + 16);
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
                V b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16);
                var a0 = Vector512.Create(*a);
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
            c60 = Relu(c60);
            c61 = Relu(c61);
            c70 = Relu(c70);
            c71 = Relu(c71);
        }

        if (p.Mask != null)
        {
            float* m = p.Mask + (row * cRow) + column;
            c00 = WherePositive(m, c00);
            c01 = WherePositive(m + 16, c01);
            c10 = WherePositive(m + t1, c10);
            c11 = WherePositive(m + t1 + 16, c11);
            c20 = WherePositive(m + t2, c20);
            c21 = WherePositive(m + t2 + 16, c21);
            c30 = WherePositive(m + t3, c30);
            c31 = WherePositive(m + t3 + 16, c31);
            c40 = WherePositive(m + t4, c40);
            c41 = WherePositive(m + t4 + 16, c41);
            c50 = WherePositive(m + t5, c50);
            c51 = WherePositive(m + t5 + 16, c51);
            c60 = WherePositive(m + t6, c60);
            c61 = WherePositive(m + t6 + 16, c61);
            c70 = WherePositive(m + t7, c70);
            c71 = WherePositive(m + t7 + 16, c71);
        }

        c00.Store(c);
        c01.Store(c + 16);
        c10.Store(c + t1);
        c11.Store(c + t1 + 16);
        c20.Store(c + t2);
        c21.Store(c + t2 + 16);
        c30.Store(c + t3);
        c31.Store(c + t3 + 16);
        c40.Store(c + t4);
        c41.Store(c + t4 + 16);
        c50.Store(c + t5);
        c51.Store(c + t5 + 16);
        c60.Store(c + t6);
        c61.Store(c + t6 + 16);
        c70.Store(c + t7);
        c71.Store(c + t7 + 16);
    }

    /// <summary>Computes 8 rows × 16 columns of C in registers: for each depth, 1 load of B, 8 broadcasts of A, 8 multiply-adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block8x1(in DenseProduct p, int row, int column)
    {
        // Offsets of rows 1 to 7 in A and C; rows past the last one repeat the last one.
        int last = p.Rows - 1 - row;
        nint aRow = p.ARowStride, cRow = p.CStride;
        nint s1 = last >= 1 ? aRow : 0, t1 = last >= 1 ? cRow : 0;
        nint s2 = s1 + (last >= 2 ? aRow : 0), t2 = t1 + (last >= 2 ? cRow : 0);
        nint s3 = s2 + (last >= 3 ? aRow : 0), t3 = t2 + (last >= 3 ? cRow : 0);
        nint s4 = s3 + (last >= 4 ? aRow : 0), t4 = t3 + (last >= 4 ? cRow : 0);
        nint s5 = s4 + (last >= 5 ? aRow : 0), t5 = t4 + (last >= 5 ? cRow : 0);
        nint s6 = s5 + (last >= 6 ? aRow : 0), t6 = t5 + (last >= 6 ? cRow : 0);
        nint s7 = s6 + (last >= 7 ? aRow : 0), t7 = t6 + (last >= 7 ? cRow : 0);
        float* c = p.C + (row * cRow) + column;
        V start0 = p.Bias == null ? V.Zero : Vector512.Load(p.Bias + column);
        V c00 = start0;
        V c10 = start0;
        V c20 = start0;
        V c30 = start0;
        V c40 = start0;
        V c50 = start0;
        V c60 = start0;
        V c70 = start0;
        if (p.Accumulate)
        {
            c00 = Vector512.Load(c);
            c10 = Vector512.Load(c + t1);
            c20 = Vector512.Load(c + t2);
            c30 = Vector512.Load(c + t3);
            c40 = Vector512.Load(c + t4);
            c50 = Vector512.Load(c + t5);
            c60 = Vector512.Load(c + t6);
            c70 = Vector512.Load(c + t7);
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
                V b0 = Vector512.Load(b);
                c00 = Vector512.FusedMultiplyAdd(Vector512.Create(*a), b0, c00);
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

            if (!second) break;
            second = false;
            a = p.A2 + (row * aRow);
            b = p.B2 + column;
        }

        if (p.Relu)
        {
            c00 = Relu(c00);
            c10 = Relu(c10);
            c20 = Relu(c20);
            c30 = Relu(c30);
            c40 = Relu(c40);
            c50 = Relu(c50);
            c60 = Relu(c60);
            c70 = Relu(c70);
        }

        if (p.Mask != null)
        {
            float* m = p.Mask + (row * cRow) + column;
            c00 = WherePositive(m, c00);
            c10 = WherePositive(m + t1, c10);
            c20 = WherePositive(m + t2, c20);
            c30 = WherePositive(m + t3, c30);
            c40 = WherePositive(m + t4, c40);
            c50 = WherePositive(m + t5, c50);
            c60 = WherePositive(m + t6, c60);
            c70 = WherePositive(m + t7, c70);
        }

        c00.Store(c);
        c10.Store(c + t1);
        c20.Store(c + t2);
        c30.Store(c + t3);
        c40.Store(c + t4);
        c50.Store(c + t5);
        c60.Store(c + t6);
        c70.Store(c + t7);
    }

    /// <summary>
    /// Computes max(x, 0). The native maximum returns its second operand if one is NaN: a network that has overflowed must not appear
    /// valid.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Relu(V x) => Vector512.MaxNative(V.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WherePositive(float* mask, V x) => Vector512.GreaterThan(Vector512.Load(mask), V.Zero) & x;

    /// <summary>Scalar twin of <see cref="Multiply"/>: the same sums in the same order, bit for bit.</summary>
    public static void MultiplyScalar(in DenseProduct p)
    {
        for (int m = 0; m < p.Rows; m++)
        {
            for (int n = 0; n < p.Columns; n++)
            {
                float* c = p.C + (m * p.CStride) + n;
                float sum = p.Bias != null ? p.Bias[n] : p.Accumulate ? *c : 0;
                for (int t = 0; t < p.Depth; t++)
                    sum = MathF.FusedMultiplyAdd(p.A[(m * p.ARowStride) + (t * p.ADepthStride)], p.B[(t * p.BStride) + n], sum);
                for (int t = 0; p.A2 != null && t < p.Depth; t++)
                    sum = MathF.FusedMultiplyAdd(p.A2[(m * p.ARowStride) + (t * p.ADepthStride)], p.B2[(t * p.BStride) + n], sum);
                if (p.Relu && sum < 0) sum = 0;
                if (p.Mask != null && !(p.Mask[(m * p.CStride) + n] > 0)) sum = 0;
                *c = sum;
            }
        }
    }
}
