using CsCheck;
using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems.Convnets;

public sealed class ConvnetProblemTests : InnerProblemContract<ConvnetCases>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReferenceGradient_IsTheDerivativeOfItsLoss(bool norm)
    {
        var c = new ConvnetCase(new ConvnetShape(7, 2, 3, [2, 1], 4, norm), 3);
        var reference = new ReferenceConvnet(c.Shape);
        double[] w = c.Wide(c.W), gradient = new double[w.Length], ignored = new double[w.Length];
        reference.LossAndGradient(w, c.X, c.Labels, gradient);
        const double Step = 1e-5;
        for (int i = 0; i < w.Length; i++)
        {
            double middle = w[i];
            w[i] = middle + Step;
            double plus = reference.LossAndGradient(w, c.X, c.Labels, ignored);
            w[i] = middle - Step;
            double minus = reference.LossAndGradient(w, c.X, c.Labels, ignored);
            w[i] = middle;
            Assert.Equal((plus - minus) / (2 * Step), gradient[i], 1e-7);
        }
    }

    [Fact]
    public void HessianVector_RandomShapes_IsSymmetricAndLinear() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 3], Gen.Int[1, 40], Gen.Int[1, 2].Array[1, 3], Gen.Bool, Gen.Int).Sample(
            (size, colours, channels, strides, norm, seed) =>
            {
                // Statistics of a handful of numbers make the Hessian so steep that float32 cannot show its symmetry.
                var shape = new ConvnetShape(norm ? size + 6 : size, colours, channels, [.. strides], 5, norm);
                var c = ConvnetCases.Create("random", shape, examples: 4);
                using var sut = c.Create(4);
                InnerProblemAssert.HessianIsSymmetricAndLinear(sut, new InnerProblemData(c, sut, 4, seed), c.SymmetryTolerance);
            },
            iter: 60);

    [Fact]
    public void UnitsAtZero_HaveSlopeZero()
    {
        // All weights but the head's are 0: every pre-activation is exactly 0, so nothing may reach the convolutions.
        var shape = new ConvnetShape(6, 3, 8, [2, 1], 3);
        using var sut = new ConvnetProblem(shape, 2);
        var c = new ConvnetCase(shape, 2);
        var head = sut.Layout.Tensors[^2];
        c.W.AsSpan(0, head.Offset).Clear();
        float[] gradient = VectorAssert.Garbage(c.W.Length);
        sut.LossAndGradient(c.W, c.Batch, gradient);
        Assert.All(gradient[..head.Offset], g => Assert.Equal(0, g));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Initialize_Glorot_FillsTheIntervalsAndLeavesTheRestNeutral(bool norm)
    {
        using var sut = new ConvnetProblem(ConvnetShape.Paper with { BatchNorm = norm }, 1);
        var random = new RandomStream(1, RandomPurpose.InnerInitialization, 5);
        float[] w = VectorAssert.Garbage(sut.Layout.PaddedLength);
        sut.Initialize(ref random, w);
        foreach (var tensor in sut.Layout.Tensors)
        {
            float[] values = w[tensor.Offset..(tensor.Offset + tensor.Length)];
            if (tensor.Shape.Length == 1)
            {
                float neutral = tensor.Name.EndsWith("scale", StringComparison.Ordinal) ? 1 : 0;
                Assert.All(values, x => Assert.Equal(neutral, x));
                continue;
            }

            int taps = tensor.Shape.Length == 4 ? 9 : 1;
            double limit = Math.Sqrt(6.0 / (taps * (tensor.Shape[^2] + tensor.Shape[^1])));
            Assert.All(values, x => Assert.InRange(x, -limit * 1.000001, limit * 1.000001));
            // Of a uniform variable on ±limit: mean 0, mean square limit² / 3; four standard errors.
            Assert.InRange(values.Average(), -4 * limit / Math.Sqrt(3 * values.Length), 4 * limit / Math.Sqrt(3 * values.Length));
            Assert.InRange(values.Average(x => x * x), limit * limit / 3 * 0.8, limit * limit / 3 * 1.2);
        }

        VectorAssert.PaddingIsZero(sut.Layout, w);
    }

    [Fact]
    public void Layout_OfThePapersConvnet_HasItsTensorsInOrder()
    {
        using var plain = new ConvnetProblem(ConvnetShape.Paper, 1);
        Assert.Equal(19_722, plain.Layout.Length);
        Assert.Equal(
            ["conv1_w", "conv1_b", "conv2_w", "conv2_b", "conv3_w", "conv3_b", "head_w", "head_b"],
            plain.Layout.Tensors.Select(t => t.Name));
        Assert.Equal([3, 3, 3, 32], plain.Layout.Tensors[0].Shape);

        using var norm = new ConvnetProblem(ConvnetShape.Paper with { BatchNorm = true }, 1);
        Assert.Equal(19_722 + 96, norm.Layout.Length);
        Assert.Equal(["conv1_w", "bn1_scale", "bn1_offset", "conv2_w"], norm.Layout.Tensors.Take(4).Select(t => t.Name));
    }

    [Fact]
    public void Flops_OfThePapersConvnet_CountWhatTheAlgorithmNeeds()
    {
        double first = 2 * 256 * 27 * 32, later = 2 * 64 * 288 * 32, head = 2 * 32 * 10;
        using var plain = new ConvnetProblem(ConvnetShape.Paper, 1);
        Assert.Equal((8 * ((2 * first) + (6 * later) + (3 * head)), 8 * ((3 * first) + (15 * later) + (8 * head))), plain.Flops(8));
        Assert.Equal(8 * ((3 * first) + (12 * later) + (8 * head)), plain.HessianVectorFlopsWithIntermediates(8));
        using var norm = new ConvnetProblem(ConvnetShape.Paper with { BatchNorm = true }, 1);
        Assert.Equal(norm.Flops(8).HessianVector, norm.HessianVectorFlopsWithIntermediates(8));
        Assert.Equal(8 * ((3 * first) + (16 * later) + (8 * head)), norm.Flops(8).HessianVector);

        // The second layer has stride 2, the third stride 1.
        double second = later * 25 / 36, third = later * 16 / 36;
        Assert.Equal(
            (8 * ((2 * first) + (3 * second) + (3 * third) + (3 * head)), 8 * ((3 * first) + (7 * second) + (8 * third) + (8 * head))),
            plain.ExecutedFlops(8));
    }

    [Fact]
    public void Constructor_ImpossibleShapes_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new ConvnetProblem(ConvnetShape.Paper with { Strides = [] }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvnetProblem(ConvnetShape.Paper with { Strides = [3] }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvnetProblem(ConvnetShape.Paper with { Classes = 0 }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvnetProblem(ConvnetShape.Paper with { Channels = 0 }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvnetProblem(ConvnetShape.Paper with { ImageSize = 0 }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvnetProblem(ConvnetShape.Paper, 0));
    }
}
