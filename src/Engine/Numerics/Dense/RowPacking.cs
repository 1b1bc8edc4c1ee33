using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Numerics.Dense;

/// <summary>
/// Conversion of matrices between dense rows, as in the parameter vector, and rows of whole 512-bit vectors, as the kernels require.
/// </summary>
/// <remarks>
/// A padded row has <c>stride</c> floats, a multiple of 16, of which the first <c>columns</c> are used. Nothing outside a matrix is read or
/// written.
/// </remarks>
internal static unsafe class RowPacking
{
    private const int Width = VectorMath.Lanes;

    /// <summary>Floats in a padded row of <paramref name="columns"/>.</summary>
    public static int Stride(int columns) => (columns + Width - 1) / Width * Width;

    /// <summary>
    /// Copies padded[r, c] = dense[r, c], with 0 in the columns from <paramref name="columns"/> to <paramref name="stride"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pad(float* dense, int rows, int columns, float* padded, int stride)
    {
        int whole = columns & ~(Width - 1);
        var tail = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(columns - whole)).AsSingle();
        float* end = dense + ((long)rows * columns);
        for (int r = 0; r < rows; r++, dense += columns, padded += stride)
        {
            for (int c = 0; c < whole; c += Width) Vector512.Load(dense + c).Store(padded + c);
            if (whole == stride) continue;
            if (dense + whole + Width <= end)
            {
                (Vector512.Load(dense + whole) & tail).Store(padded + whole);
                continue;
            }

            V.Zero.Store(padded + whole);
            for (int c = whole; c < columns; c++) padded[c] = dense[c];
        }
    }

    /// <summary>Copies dense[r, c] = padded[r, c], or adds with <paramref name="accumulate"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpad(float* padded, int stride, int rows, int columns, float* dense, bool accumulate)
    {
        // Rows are copied in pieces that do not overlap: a store into the next row would delay its load.
        for (int r = 0; r < rows; r++, dense += columns, padded += stride)
        {
            int c = 0;
            for (; c + 16 <= columns; c += 16)
            {
                var x = Vector512.Load(padded + c);
                (accumulate ? Vector512.Load(dense + c) + x : x).Store(dense + c);
            }

            if ((columns & 8) != 0)
            {
                var x = Vector256.Load(padded + c);
                (accumulate ? Vector256.Load(dense + c) + x : x).Store(dense + c);
                c += 8;
            }

            if ((columns & 4) != 0)
            {
                var x = Vector128.Load(padded + c);
                (accumulate ? Vector128.Load(dense + c) + x : x).Store(dense + c);
                c += 4;
            }

            for (; c < columns; c++) dense[c] = accumulate ? dense[c] + padded[c] : padded[c];
        }
    }

    /// <summary>Sums sums[c] (+)= Σ_r matrix[r, c] over padded rows, in an order that depends only on the number of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumRows(float* matrix, int stride, int rows, float* sums, bool accumulate)
    {
        for (int c = 0; c < stride; c += Width)
        {
            // Four chains hide the latency of the additions.
            V s0 = accumulate ? Vector512.Load(sums + c) : V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
            float* row = matrix + c;
            int r = 0;
            for (; r + 4 <= rows; r += 4, row += 4 * (nint)stride)
            {
                s0 += Vector512.Load(row);
                s1 += Vector512.Load(row + stride);
                s2 += Vector512.Load(row + (2 * (nint)stride));
                s3 += Vector512.Load(row + (3 * (nint)stride));
            }

            for (; r < rows; r++, row += stride) s0 += Vector512.Load(row);
            (s0 + s1 + (s2 + s3)).Store(sums + c);
        }
    }
}
