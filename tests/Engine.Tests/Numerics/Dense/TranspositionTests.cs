using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;
using Xunit;

namespace LoptCluster.Engine.Tests.Numerics.Dense;

public sealed unsafe class TranspositionTests
{
    [Fact]
    public void Transpose_EveryShapeAndStride_EqualsScalarTwinAndWritesNothingElse()
    {
        for (int rows = 1; rows <= 33; rows++)
        {
            for (int columns = 1; columns <= 33; columns++)
            {
                int fromStride = columns + (rows % 3), toStride = rows + (columns % 5);
                using var from = new AlignedBuffer(rows * fromStride);
                using AlignedBuffer expected = new(columns * toStride), actual = new(columns * toStride);
                for (int i = 0; i < from.Length; i++) from.Span[i] = i + 1;
                Transposition.TransposeScalar(from.Pointer, fromStride, rows, columns, expected.Pointer, toStride);
                Transposition.Transpose(from.Pointer, fromStride, rows, columns, actual.Pointer, toStride);
                Assert.True(expected.Span.SequenceEqual(actual.Span), $"{rows} × {columns}");
                Assert.Equal(from.Span[((rows - 1) * fromStride) + columns - 1], expected.Span[((columns - 1) * toStride) + rows - 1]);
            }
        }
    }
}
