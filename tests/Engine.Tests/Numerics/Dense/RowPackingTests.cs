using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;
using Xunit;

namespace LoptCluster.Engine.Tests.Numerics.Dense;

public sealed unsafe class RowPackingTests
{
    private const int Rows = 5;
    private const float Guard = -7;

    public static TheoryData<int> Columns => [.. Enumerable.Range(1, 66)];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Pad_AnyWidth_CopiesRowsAndZeroesTheRest(int columns)
    {
        int stride = RowPacking.Stride(columns);
        using var dense = Counting(Rows * columns);
        using var padded = Guarded(Rows * stride);
        RowPacking.Pad(dense.Pointer, Rows, columns, padded.Pointer, stride);
        for (int i = 0; i < Rows * stride; i++)
            Assert.Equal(i % stride < columns ? dense.Span[(i / stride * columns) + (i % stride)] : 0, padded.Span[i]);
        AssertGuard(padded, Rows * stride);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Unpad_AnyWidth_IsTheInverseAndKeepsWithinTheMatrix(int columns)
    {
        int stride = RowPacking.Stride(columns);
        using var padded = Counting(Rows * stride);
        using var dense = Guarded(Rows * columns);
        RowPacking.Unpad(padded.Pointer, stride, Rows, columns, dense.Pointer, accumulate: false);
        for (int i = 0; i < Rows * columns; i++) Assert.Equal(padded.Span[(i / columns * stride) + (i % columns)], dense.Span[i]);
        AssertGuard(dense, Rows * columns);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Unpad_AccumulatingWhilePaddingHoldsNaN_AddsTheColumnsOnly(int columns)
    {
        int stride = RowPacking.Stride(columns);
        using var padded = Counting(Rows * stride);
        for (int i = 0; i < Rows * stride; i++) padded.Span[i] = i % stride < columns ? padded.Span[i] : float.NaN;
        using var dense = Guarded(Rows * columns);
        dense.Span[..(Rows * columns)].Fill(100);
        RowPacking.Unpad(padded.Pointer, stride, Rows, columns, dense.Pointer, accumulate: true);
        for (int i = 0; i < Rows * columns; i++) Assert.Equal(100 + padded.Span[(i / columns * stride) + (i % columns)], dense.Span[i]);
        AssertGuard(dense, Rows * columns);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void SumRows_AnyRowCount_EqualsScalarSum(int rows)
    {
        const int Stride = 32;
        using var matrix = Counting(rows * Stride);
        using var sums = Guarded(Stride);
        foreach (bool accumulate in (ReadOnlySpan<bool>)[false, true])
        {
            sums.Span[..Stride].Fill(3);
            RowPacking.SumRows(matrix.Pointer, Stride, rows, sums.Pointer, accumulate);
            for (int c = 0; c < Stride; c++)
            {
                // Small whole numbers: the sum is exact in any order.
                float expected = accumulate ? 3 : 0;
                for (int r = 0; r < rows; r++) expected += matrix.Span[(r * Stride) + c];
                Assert.Equal(expected, sums.Span[c]);
            }

            AssertGuard(sums, Stride);
        }
    }

    private static AlignedBuffer Counting(int length)
    {
        var buffer = new AlignedBuffer(length);
        for (int i = 0; i < length; i++) buffer.Span[i] = i + 1;
        return buffer;
    }

    private static AlignedBuffer Guarded(int length)
    {
        var buffer = new AlignedBuffer(length + 32);
        buffer.Span.Fill(Guard);
        return buffer;
    }

    private static void AssertGuard(AlignedBuffer buffer, int length) =>
        Assert.All(buffer.Span[length..].ToArray(), x => Assert.Equal(Guard, x));
}
