using CsCheck;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;
using Xunit;

namespace LoptCluster.Engine.Tests.Numerics.Dense;

public sealed unsafe class DenseKernelsTests
{
    // Rows around the block of 8, depths from 1, columns of one to five vectors: every way a block can be cut.
    private static readonly Gen<(int Rows, int Depth, int Columns, int Options, int Seed)> Shapes =
        Gen.Select(Gen.Int[1, 35], Gen.Int[1, 40], Gen.Int[1, 5], Gen.Int[0, 63], Gen.Int);

    [Fact]
    public void Multiply_AnyShape_EqualsScalarTwinBitForBit() =>
        Shapes.Sample(s => Check(s.Rows, s.Depth, 16 * s.Columns, s.Options, s.Seed), iter: 3_000);

    [Fact]
    public void MultiplyVector256_AnyShape_EqualsScalarTwinBitForBit() =>
        Shapes.Sample(s => Check(s.Rows, s.Depth, 16 * s.Columns, s.Options, s.Seed, narrow: true), iter: 3_000);

    [Fact]
    public void Multiply_EveryRowCount_EqualsScalarTwinBitForBit()
    {
        for (int rows = 1; rows <= 64; rows++)
        {
            Check(rows, 7, 48, options: rows, seed: rows);
            Check(rows, 7, 48, options: rows, seed: rows, narrow: true);
        }
    }

    [Fact]
    public void Multiply_ReluOfNaN_StaysNaN()
    {
        using var a = new AlignedBuffer(1);
        using var b = new AlignedBuffer(16);
        using var c = new AlignedBuffer(16);
        a.Span[0] = 1;
        b.Span.Fill(float.NaN);
        var product = new DenseProduct
        {
            Rows = 1,
            Depth = 1,
            Columns = 16,
            A = a.Pointer,
            ARowStride = 1,
            ADepthStride = 1,
            B = b.Pointer,
            BStride = 16,
            C = c.Pointer,
            CStride = 16,
            Relu = true,
        };
        DenseKernels.Multiply(product);
        Assert.All(c.Span.ToArray(), x => Assert.True(float.IsNaN(x)));
        c.Span.Clear();
        DenseKernels.MultiplyVector256(product);
        Assert.All(c.Span.ToArray(), x => Assert.True(float.IsNaN(x)));
    }

    private static void Check(int rows, int depth, int columns, int options, int seed, bool narrow = false)
    {
        bool transposed = (options & 1) != 0, second = (options & 2) != 0, bias = (options & 4) != 0;
        bool relu = (options & 16) != 0, mask = (options & 32) != 0;
        int aStride = (transposed ? rows : depth) + 3, bStride = columns + 16, cStride = columns + 32;
        var random = new Random(seed);
        using var a = Fill(random, aStride * (rows + depth));
        using var a2 = Fill(random, aStride * (rows + depth));
        using var b = Fill(random, bStride * depth);
        using var b2 = Fill(random, bStride * depth);
        using var start = Fill(random, columns);
        using var slope = Fill(random, cStride * rows);
        using var expected = Fill(random, cStride * rows);
        using var actual = new AlignedBuffer(expected.Length);
        expected.Span.CopyTo(actual.Span);
        var product = new DenseProduct
        {
            Rows = rows,
            Depth = depth,
            Columns = columns,
            A = a.Pointer,
            A2 = second ? a2.Pointer : null,
            ARowStride = transposed ? 1 : aStride,
            ADepthStride = transposed ? aStride : 1,
            B = b.Pointer,
            B2 = b2.Pointer,
            BStride = bStride,
            C = expected.Pointer,
            CStride = cStride,
            Bias = bias ? start.Pointer : null,
            Accumulate = !bias && (options & 8) != 0,
            Relu = relu,
            Mask = mask ? slope.Pointer : null,
        };
        DenseKernels.MultiplyScalar(product);
        product.C = actual.Pointer;
        if (narrow) DenseKernels.MultiplyVector256(product);
        else DenseKernels.Multiply(product);

        // The whole buffer: what lies between the rows must be untouched.
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected.Span[i], actual.Span[i]);
    }

    private static AlignedBuffer Fill(Random random, int length)
    {
        var buffer = new AlignedBuffer(length);
        foreach (ref float x in buffer.Span) x = random.NextSingle() - 0.5f;
        return buffer;
    }
}
