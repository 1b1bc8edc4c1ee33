using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LoptCluster.Engine.Numerics.Dense;

/// <summary>Transposition of small matrices, in blocks of 4 × 4 registers on machines with the shuffles.</summary>
internal static unsafe class Transposition
{
    /// <summary>Copies to[c, r] = from[r, c] for r &lt; rows, c &lt; columns; nothing else is written. The two must not overlap.</summary>
    /// <param name="fromStride">Floats from one row of <paramref name="from"/> to the next.</param>
    /// <param name="toStride">Floats from one row of <paramref name="to"/> to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        if (!Sse.IsSupported || rows < 4 || columns < 4)
        {
            TransposeScalar(from, fromStride, rows, columns, to, toStride);
            return;
        }

        // The last block of a row or column of blocks is shifted to end at the matrix's edge, and writes some elements twice.
        for (int r = 0; r < rows; r += 4)
        {
            int row = Math.Min(r, rows - 4);
            for (int c = 0; c < columns; c += 4)
            {
                int column = Math.Min(c, columns - 4);
                Block(from + (row * fromStride) + column, fromStride, to + (column * toStride) + row, toStride);
            }
        }
    }

    /// <summary>Scalar twin of <see cref="Transpose"/>.</summary>
    public static void TransposeScalar(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++) to[(c * toStride) + r] = from[(r * fromStride) + c];
    }

    /// <summary>Transposes four rows of four in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeFour(ref Vector128<float> a, ref Vector128<float> b, ref Vector128<float> c, ref Vector128<float> d)
    {
        if (!Sse.IsSupported)
        {
            var (p, q, r, s) = (a, b, c, d);
            a = Vector128.Create(p[0], q[0], r[0], s[0]);
            b = Vector128.Create(p[1], q[1], r[1], s[1]);
            c = Vector128.Create(p[2], q[2], r[2], s[2]);
            d = Vector128.Create(p[3], q[3], r[3], s[3]);
            return;
        }

        Vector128<float> abLow = Sse.UnpackLow(a, b), abHigh = Sse.UnpackHigh(a, b);
        Vector128<float> cdLow = Sse.UnpackLow(c, d), cdHigh = Sse.UnpackHigh(c, d);
        a = Sse.MoveLowToHigh(abLow, cdLow);
        b = Sse.MoveHighToLow(cdLow, abLow);
        c = Sse.MoveLowToHigh(abHigh, cdHigh);
        d = Sse.MoveHighToLow(cdHigh, abHigh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* from, nint fromStride, float* to, nint toStride)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + fromStride);
        Vector128<float> c = Vector128.Load(from + (2 * fromStride)), d = Vector128.Load(from + (3 * fromStride));
        TransposeFour(ref a, ref b, ref c, ref d);
        a.Store(to);
        b.Store(to + toStride);
        c.Store(to + (2 * toStride));
        d.Store(to + (3 * toStride));
    }
}
