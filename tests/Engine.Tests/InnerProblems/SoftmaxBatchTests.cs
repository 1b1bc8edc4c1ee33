using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Numerics.Memory;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems;

public sealed unsafe class SoftmaxBatchTests
{
    /// <summary>Some roundings of numbers of order 1 (a probability, a loss of a few nats).</summary>
    private const double Float32 = 1e-6;

    public static TheoryData<int> Classes => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Classes))]
    public void LossDeltaAndTangent_EveryClassAndRowCount_EqualFloat64Twin(int classes)
    {
        using var sut = new SoftmaxBatch(classes);
        for (int rows = 1; rows <= 33; rows++)
        {
            using AlignedBuffer logits = Garbage(sut, rows), tangents = Garbage(sut, rows), again = Garbage(sut, rows);
            var random = new Random(rows);
            int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))];
            double[][] z = Fill(random, rows, classes), rz = Fill(random, rows, classes);
            Write(z, sut.Stride, logits, again);
            Write(rz, sut.Stride, tangents);

            double loss = sut.Loss(logits.Pointer, labels);
            Assert.Equal(loss, sut.LossAndDelta(again.Pointer, labels));
            Assert.Equal(loss, sut.LossAndDeltaWithTangent(logits.Pointer, tangents.Pointer, labels));

            double expectedLoss = 0;
            for (int r = 0; r < rows; r++)
            {
                double sum = z[r].Sum(Math.Exp);
                double[] p = [.. z[r].Select(x => Math.Exp(x) / sum)];
                double mean = VectorAssert.Dot(p, rz[r]);
                expectedLoss += (Math.Log(sum) - z[r][labels[r]]) / rows;
                for (int c = 0; c < sut.Stride; c++)
                {
                    double delta = c < classes ? (p[c] - (c == labels[r] ? 1 : 0)) / rows : 0;
                    double tangent = c < classes ? p[c] * (rz[r][c] - mean) / rows : 0;
                    Assert.Equal(delta, logits.Span[(r * sut.Stride) + c], Float32);
                    Assert.Equal(logits.Span[(r * sut.Stride) + c], again.Span[(r * sut.Stride) + c]);
                    Assert.Equal(tangent, tangents.Span[(r * sut.Stride) + c], Float32);
                }
            }

            Assert.Equal(expectedLoss, loss, Float32);
            Assert.All(logits.Span[(rows * sut.Stride)..].ToArray(), x => Assert.True(float.IsNaN(x), "wrote past the last row"));
        }
    }

    [Theory]
    [InlineData(1000f, 2000.0)]
    [InlineData(1e30f, 2e30)]
    [InlineData(float.PositiveInfinity, double.NaN)]
    [InlineData(float.NaN, double.NaN)]
    public void Loss_LargeLogits_IsTheirDifference(float logit, double expected)
    {
        using var sut = new SoftmaxBatch(3);
        using var logits = Garbage(sut, 1);
        Write([[logit, 0, -logit]], sut.Stride, logits);
        double loss = sut.Loss(logits.Pointer, [2]);
        if (double.IsNaN(expected)) Assert.False(double.IsFinite(loss));
        else Assert.InRange(loss / expected, 1 - Float32, 1 + Float32);
    }

    [Fact]
    public void LossAndDelta_OneRowIsNaN_LeavesTheOthersAlone()
    {
        using var sut = new SoftmaxBatch(4);
        using AlignedBuffer clean = Garbage(sut, 5), spoilt = Garbage(sut, 5);
        var z = Fill(new Random(1), 5, 4);
        Write(z, sut.Stride, clean, spoilt);
        spoilt.Span.Slice(2 * sut.Stride, 4).Fill(float.NaN);
        sut.LossAndDelta(clean.Pointer, [0, 1, 2, 3, 0]);
        Assert.True(double.IsNaN(sut.LossAndDelta(spoilt.Pointer, [0, 1, 2, 3, 0])));
        foreach (int row in (ReadOnlySpan<int>)[0, 1, 3, 4])
            Assert.Equal(
                clean.Span.Slice(row * sut.Stride, sut.Stride).ToArray(), spoilt.Span.Slice(row * sut.Stride, sut.Stride).ToArray());
    }

    /// <summary>NaN where no logit stands.</summary>
    private static AlignedBuffer Garbage(SoftmaxBatch sut, int rows)
    {
        var buffer = new AlignedBuffer((rows + 1) * sut.Stride);
        buffer.Span.Fill(float.NaN);
        return buffer;
    }

    private static double[][] Fill(Random random, int rows, int columns) =>
        [.. Enumerable.Range(0, rows).Select(
            _ => Enumerable.Range(0, columns).Select(_ => (double)((6 * random.NextSingle()) - 3)).ToArray())];

    private static void Write(double[][] values, int stride, params ReadOnlySpan<AlignedBuffer> buffers)
    {
        foreach (var buffer in buffers)
        {
            for (int r = 0; r < values.Length; r++)
                for (int c = 0; c < values[r].Length; c++) buffer.Span[(r * stride) + c] = (float)values[r][c];
        }
    }
}
