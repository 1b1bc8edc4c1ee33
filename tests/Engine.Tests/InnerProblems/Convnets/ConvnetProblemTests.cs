using CsCheck;
using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems.Convnets;

public sealed class ConvnetProblemTests
{
    /// <summary>Relative L2 error that float32 may make against float64: some tens of roundings.</summary>
    private const double Float32 = 5e-6;

    /// <summary>Size, channels of the image; channels; strides; classes; images; batch norm.</summary>
    public static TheoryData<int, int, int, int[], int, int, bool> Shapes()
    {
        var data = new TheoryData<int, int, int, int[], int, int, bool>();
        foreach (bool norm in (bool[])[false, true])
        {
            data.Add(8, 3, 4, [2, 2, 1], 3, 4, norm);
            data.Add(7, 2, 3, [2, 2, 1], 3, 4, norm);
            data.Add(32, 3, 32, [2, 2, 1], 10, 2, norm);
            data.Add(9, 1, 16, [2, 1, 2, 1, 1, 1], 10, 3, norm);
            data.Add(6, 3, 48, [1, 2], 17, 2, norm);
            data.Add(5, 1, 20, [2], 5, 7, norm);
            data.Add(4, 3, 128, [1, 2, 1], 10, 2, norm);
            data.Add(3, 1, 33, [1, 1], 2, 3, norm);
        }

        data.Add(1, 2, 5, [2, 1], 3, 3, false);
        data.Add(2, 1, 1, [1, 2], 1, 2, false);
        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void LossAndGradient_AnyShape_EqualsFloat64Reference(int size, int colours, int channels, int[] strides, int classes, int images, bool norm)
    {
        var c = new ConvnetCase(new ConvnetShape(size, colours, channels, [.. strides], classes, norm), images);
        using var sut = new ConvnetProblem(c.Shape, images + 1);
        double[] expected = new double[sut.Layout.Length];
        double loss = new ReferenceConvnet(c.Shape).LossAndGradient(c.Wide(c.W), c.X, c.Labels, expected);
        float[] gradient = VectorAssert.Garbage(sut.Layout.PaddedLength);

        double actual = sut.LossAndGradient(c.W, c.Batch, gradient);

        Assert.InRange(actual, loss - (Float32 * (loss + 0.1)), loss + (Float32 * (loss + 0.1)));
        Assert.Equal(actual, sut.Loss(c.W, c.Batch));
        if (classes > 1) Assert.InRange(VectorAssert.RelativeError(c.Wide(gradient), expected), 0, Float32);
        VectorAssert.PaddingIsZero(sut.Layout, gradient);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AddHessianVectorProduct_AnyShape_IsTheDerivativeOfTheGradient(
        int size, int colours, int channels, int[] strides, int classes, int images, bool norm)
    {
        var c = new ConvnetCase(new ConvnetShape(size, colours, channels, [.. strides], classes, norm), images);
        using var sut = new ConvnetProblem(c.Shape, images);
        double[] expected = new ReferenceConvnet(c.Shape).HessianVector(c.Wide(c.W), c.Wide(c.V), c.X, c.Labels);
        float[] product = new float[sut.Layout.PaddedLength];

        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, product);

        if (classes > 1) Assert.InRange(VectorAssert.RelativeError(c.Wide(product), expected), 0, 4 * Float32);
        VectorAssert.PaddingIsZero(sut.Layout, product);

        // It adds: from another start, the same on top.
        float[] twice = [.. product];
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, twice);
        if (classes > 1) Assert.InRange(VectorAssert.RelativeError(c.Wide(twice), [.. c.Wide(product).Select(h => 2 * h)]), 0, Float32);
        VectorAssert.PaddingIsZero(sut.Layout, twice);
    }

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
    public void HessianVector_RandomVectors_IsSymmetricAndLinear() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 3], Gen.Int[1, 40], Gen.Int[1, 2].Array[1, 3], Gen.Bool, Gen.Int).Sample(
            (size, colours, channels, strides, norm, seed) =>
            {
                // Statistics of a handful of numbers make the Hessian so steep that float32 cannot show its symmetry.
                var shape = new ConvnetShape(norm ? size + 6 : size, colours, channels, [.. strides], 5, norm);
                var c = new ConvnetCase(shape, 4, seed);
                using var sut = new ConvnetProblem(shape, 4);
                float[] u = c.Vector(), sum = [.. u.Zip(c.V, (a, b) => a - (2 * b))];
                double[] hu = Product(sut, c, u), hv = Product(sut, c, c.V), hsum = Product(sut, c, sum);
                double[] wideU = c.Wide(u), wideV = c.Wide(c.V);

                double scale = VectorAssert.Norm(wideU) * VectorAssert.Norm(hv);
                Assert.InRange(VectorAssert.Dot(wideU, hv) - VectorAssert.Dot(wideV, hu), -2e-5 * scale, 2e-5 * scale);
                double[] combined = [.. hu.Zip(hv, (a, b) => a - (2 * b))];
                double error = VectorAssert.Norm([.. combined.Zip(hsum, (a, b) => a - b)]);
                Assert.InRange(error, 0, 2e-5 * (VectorAssert.Norm(hu) + (2 * VectorAssert.Norm(hv))));
            },
            iter: 60);

    [Theory]
    [InlineData(float.NaN, false)]
    [InlineData(float.PositiveInfinity, false)]
    [InlineData(3e38f, false)]
    [InlineData(float.NaN, true)]
    [InlineData(float.PositiveInfinity, true)]
    public void AllCalls_WeightsOverflow_LossIsNotFiniteAndPaddingStaysZero(float weight, bool norm)
    {
        var shape = new ConvnetShape(7, 3, 20, [2, 1], 10, norm);
        using var sut = new ConvnetProblem(shape, 5);
        var c = new ConvnetCase(shape, 5);
        foreach (var tensor in sut.Layout.Tensors) c.W.AsSpan(tensor.Offset, tensor.Length).Fill(weight);
        float[] gradient = VectorAssert.Garbage(c.W.Length), product = new float[c.W.Length];

        Assert.False(double.IsFinite(sut.Loss(c.W, c.Batch)));
        Assert.False(double.IsFinite(sut.LossAndGradient(c.W, c.Batch, gradient)));
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, product);
        VectorAssert.PaddingIsZero(sut.Layout, gradient);
        VectorAssert.PaddingIsZero(sut.Layout, product);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Loss_OneNaNInTheFirstConvolution_IsNotFinite(bool norm)
    {
        var shape = new ConvnetShape(7, 3, 20, [2, 1], 10, norm);
        using var sut = new ConvnetProblem(shape, 5);
        var c = new ConvnetCase(shape, 5);
        c.W[0] = float.NaN;
        Assert.False(double.IsFinite(sut.Loss(c.W, c.Batch)));
    }

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
            ["conv1_w", "conv1_b", "conv2_w", "conv2_b", "conv3_w", "conv3_b", "head_w", "head_b"], plain.Layout.Tensors.Select(t => t.Name));
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

    [Fact]
    public void Calls_WithWrongSizes_AreRefusedByName()
    {
        using var sut = new ConvnetProblem(new ConvnetShape(2, 1, 3, [1], 3), 2);
        float[] w = new float[sut.Layout.PaddedLength], x = new float[12];
        Assert.Throws<ArgumentException>(() => sut.Loss(w.AsSpan(1), new Minibatch(x, [0])));
        Assert.Throws<ArgumentException>(() => sut.Loss(w, new Minibatch(x, [0, 1, 2])));
        Assert.Throws<ArgumentException>(() => sut.Loss(w, new Minibatch(x, [])));
        Assert.Throws<ArgumentException>(() => sut.Loss(w, new Minibatch(x.AsSpan(0, 7), [0, 1])));
        Assert.Throws<ArgumentOutOfRangeException>(() => sut.Loss(w, new Minibatch(x, [3])));
        Assert.Throws<ArgumentException>(() => sut.LossAndGradient(w, new Minibatch(x, [0]), new float[3]));
    }

    private static double[] Product(ConvnetProblem sut, ConvnetCase c, float[] v)
    {
        float[] product = new float[v.Length];
        sut.AddHessianVectorProduct(c.W, v, c.Batch, product);
        return c.Wide(product);
    }
}
