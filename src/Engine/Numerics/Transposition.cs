using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LoptCluster.Engine.Numerics;

/// <summary>Transposes small matrices, in blocks of 4 × 4 registers where the machine has the shuffles.</summary>
internal static unsafe class Transposition
{
    /// <summary>to[c, r] = from[r, c] for r &lt; rows, c &lt; columns; nothing else is written. The two do not overlap.</summary>
    /// <param name="fromStride">Floats from a row of <paramref name="from"/> to the next.</param>
    /// <param name="toStride">Floats from a row of <paramref name="to"/> to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        if (!Sse.IsSupported || rows < 4 || columns < 4)
        {
            TransposeScalar(from, fromStride, rows, columns, to, toStride);
            return;
        }

        // The last block of a row or column of blocks is moved back to end where the matrix ends, and writes some elements twice.
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* from, nint fromStride, float* to, nint toStride)
    {
        var a = Sse.LoadVector128(from);
        var b = Sse.LoadVector128(from + fromStride);
        var c = Sse.LoadVector128(from + (2 * fromStride));
        var d = Sse.LoadVector128(from + (3 * fromStride));
        var abLow = Sse.UnpackLow(a, b);
        var abHigh = Sse.UnpackHigh(a, b);
        var cdLow = Sse.UnpackLow(c, d);
        var cdHigh = Sse.UnpackHigh(c, d);
        Sse.Store(to, Sse.MoveLowToHigh(abLow, cdLow));
        Sse.Store(to + toStride, Sse.MoveHighToLow(cdLow, abLow));
        Sse.Store(to + (2 * toStride), Sse.MoveLowToHigh(abHigh, cdHigh));
        Sse.Store(to + (3 * toStride), Sse.MoveHighToLow(cdHigh, abHigh));
    }
}
