using CsCheck;
using LoptCluster.Engine.InnerProblems.FullyConnected;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems.FullyConnected;

public sealed class FullyConnectedProblemTests
{
    /// <summary>Relative L2 error that float32 may make against float64: some tens of roundings.</summary>
    private const double Float32 = 5e-6;

    public static TheoryData<int[], int> Shapes => new()
    {
        { [6, 8, 3], 4 },
        { [64, 32, 10], 32 },
        { [196, 32, 32, 10], 5 },
        { [20, 128, 128, 128, 10], 9 },
        { [5, 10], 3 },
        { [1, 1, 2], 1 },
        { [3, 17, 16, 33, 20], 7 },
        { [7, 5, 32], 13 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void LossAndGradient_AnyShape_EqualsFloat64Reference(int[] widths, int rows)
    {
        using var sut = CreateSut(widths, rows);
        var c = new FullyConnectedCase(sut.Layout, widths, rows, seed: 1);
        double[] expected = new double[sut.Layout.Length];
        double loss = new ReferenceNet(widths).LossAndGradient(c.Wide(c.W), c.X, c.Labels, expected);
        float[] gradient = VectorAssert.Garbage(sut.Layout.PaddedLength);

        double actual = sut.LossAndGradient(c.W, c.Batch, gradient);

        Assert.InRange(actual, loss * (1 - Float32), loss * (1 + Float32));
        Assert.InRange(sut.Loss(c.W, c.Batch), actual, actual);
        Assert.InRange(VectorAssert.RelativeError(c.Wide(gradient), expected), 0, Float32);
        VectorAssert.PaddingIsZero(sut.Layout, gradient);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AddHessianVectorProduct_AnyShape_IsTheDerivativeOfTheGradient(int[] widths, int rows)
    {
        using var sut = CreateSut(widths, rows);
        var c = new FullyConnectedCase(sut.Layout, widths, rows, seed: 2);
        double[] expected = new ReferenceNet(widths).HessianVector(c.Wide(c.W), c.Wide(c.V), c.X, c.Labels);
        float[] product = new float[sut.Layout.PaddedLength];

        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, product);

        Assert.InRange(VectorAssert.RelativeError(c.Wide(product), expected), 0, Float32);
        VectorAssert.PaddingIsZero(sut.Layout, product);

        // It adds: from another start, the same on top.
        float[] twice = [.. product];
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, twice);
        Assert.InRange(VectorAssert.RelativeError(c.Wide(twice), [.. c.Wide(product).Select(h => 2 * h)]), 0, Float32);
        VectorAssert.PaddingIsZero(sut.Layout, twice);
    }

    [Fact]
    public void LossAndGradient_EveryMinibatchSize_EqualsFloat64Reference()
    {
        int[] widths = [9, 24, 11];
        using var sut = CreateSut(widths, 64);
        for (int rows = 1; rows <= 64; rows++)
        {
            var c = new FullyConnectedCase(sut.Layout, widths, rows, seed: rows);
            double[] expected = new double[sut.Layout.Length];
            double loss = new ReferenceNet(widths).LossAndGradient(c.Wide(c.W), c.X, c.Labels, expected);
            float[] gradient = VectorAssert.Garbage(sut.Layout.PaddedLength);
            Assert.InRange(sut.LossAndGradient(c.W, c.Batch, gradient), loss * (1 - Float32), loss * (1 + Float32));
            Assert.InRange(VectorAssert.RelativeError(c.Wide(gradient), expected), 0, Float32);
        }
    }

    [Fact]
    public void GoldenCase_LossGradientAndHessianVector_AreWithinTheirTolerances()
    {
        using var sut = CreateSut([6, 8, 3], 4);
        Assert.Equal(["W1", "b1", "W2", "b2"], sut.Layout.Tensors.Select(t => t.Name));
        float[] w = new float[sut.Layout.PaddedLength], v = new float[w.Length], gradient = VectorAssert.Garbage(w.Length), product = new float[w.Length];
        sut.Layout.Pad(GoldenNet.W, w);
        sut.Layout.Pad(GoldenNet.V, v);
        var batch = new Minibatch(GoldenNet.X, GoldenNet.Labels);

        double loss = sut.LossAndGradient(w, batch, gradient);
        sut.AddHessianVectorProduct(w, v, batch, product);

        Assert.InRange(loss / GoldenNet.Loss, 1 - 2e-6, 1 + 2e-6);
        Assert.InRange(VectorAssert.RelativeError(VectorAssert.Wide(sut.Layout, gradient), GoldenNet.Gradient), 0, 1e-5);
        Assert.InRange(VectorAssert.RelativeError(VectorAssert.Wide(sut.Layout, product), GoldenNet.HessianVector), 0, 1e-5);
    }

    [Fact]
    public void HessianVector_RandomVectors_IsSymmetricAndLinear() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 40], Gen.Int[2, 18], Gen.Int[1, 20], Gen.Int).Sample((input, hidden, classes, rows, seed) =>
        {
            int[] widths = [input, hidden, classes];
            using var sut = CreateSut(widths, rows);
            var c = new FullyConnectedCase(sut.Layout, widths, rows, seed);
            float[] u = c.Vector(), sum = [.. u.Zip(c.V, (a, b) => a - (2 * b))];
            double[] hu = Product(sut, c, u), hv = Product(sut, c, c.V), hsum = Product(sut, c, sum);
            double[] wideU = c.Wide(u), wideV = c.Wide(c.V);

            double scale = VectorAssert.Norm(wideU) * VectorAssert.Norm(hv);
            Assert.InRange(VectorAssert.Dot(wideU, hv) - VectorAssert.Dot(wideV, hu), -1e-5 * scale, 1e-5 * scale);
            double[] combined = [.. hu.Zip(hv, (a, b) => a - (2 * b))];
            double error = VectorAssert.Norm([.. combined.Zip(hsum, (a, b) => a - b)]);

            // Where the classes are nearly decided the Hessian is small, and what is left is the rounding of terms as large as the vectors.
            double rounding = 1e-7 * (VectorAssert.Norm(wideU) + (2 * VectorAssert.Norm(wideV)));
            Assert.InRange(error, 0, (1e-5 * (VectorAssert.Norm(hu) + (2 * VectorAssert.Norm(hv)))) + rounding);
        }, iter: 300);

    [Fact]
    public void LossAndGradient_AfterOtherWork_GivesTheSameBits()
    {
        int[] widths = [20, 24, 10];
        using var sut = CreateSut(widths, 40);
        var c = new FullyConnectedCase(sut.Layout, widths, 13, seed: 3);
        float[] first = VectorAssert.Garbage(sut.Layout.PaddedLength), again = new float[first.Length], product = new float[first.Length], other = new float[first.Length];
        double loss = sut.LossAndGradient(c.W, c.Batch, first);
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, product);

        var larger = new FullyConnectedCase(sut.Layout, widths, 40, seed: 4);
        larger.W.AsSpan().Fill(float.NaN);
        sut.LossAndGradient(larger.W, larger.Batch, again);
        sut.AddHessianVectorProduct(larger.W, larger.V, larger.Batch, new float[first.Length]);

        Assert.Equal(loss, sut.LossAndGradient(c.W, c.Batch, again));
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, other);
        Assert.Equal(first, again);
        Assert.Equal(product, other);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(3e38f)]
    public void LossAndGradient_WeightsOverflow_LossIsNotFiniteAndPaddingStaysZero(float weight)
    {
        int[] widths = [6, 20, 10];
        using var sut = CreateSut(widths, 5);
        var c = new FullyConnectedCase(sut.Layout, widths, 5, seed: 5);
        foreach (var tensor in sut.Layout.Tensors) c.W.AsSpan(tensor.Offset, tensor.Length).Fill(weight);
        float[] gradient = VectorAssert.Garbage(c.W.Length), product = new float[c.W.Length];

        Assert.False(double.IsFinite(sut.Loss(c.W, c.Batch)));
        Assert.False(double.IsFinite(sut.LossAndGradient(c.W, c.Batch, gradient)));
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, product);
        VectorAssert.PaddingIsZero(sut.Layout, gradient);
        VectorAssert.PaddingIsZero(sut.Layout, product);
    }

    [Fact]
    public void Loss_OneNaNHiddenWeight_IsNotFinite()
    {
        int[] widths = [6, 20, 10];
        using var sut = CreateSut(widths, 5);
        var c = new FullyConnectedCase(sut.Layout, widths, 5, seed: 6);
        c.W[0] = float.NaN;
        Assert.False(double.IsFinite(sut.Loss(c.W, c.Batch)));
    }

    [Fact]
    public void HiddenUnitsAtZero_HaveSlopeZero()
    {
        // All weights 0: every pre-activation is exactly 0, so nothing may reach W1.
        using var sut = CreateSut([4, 8, 3], 2);
        var c = new FullyConnectedCase(sut.Layout, [4, 8, 3], 2, seed: 7);
        c.W.AsSpan().Clear();
        var output = sut.Layout.Tensors[2];
        c.W.AsSpan(output.Offset, output.Length).Fill(1);
        float[] gradient = VectorAssert.Garbage(c.W.Length);
        sut.LossAndGradient(c.W, c.Batch, gradient);
        Assert.All(gradient[..output.Offset], g => Assert.Equal(0, g));
    }

    [Fact]
    public void Initialize_Glorot_FillsTheIntervalAndLeavesBiasesZero()
    {
        using var sut = CreateSut([64, 32, 10], 1);
        var random = new RandomStream(1, RandomPurpose.InnerInitialization, 5);
        float[] w = VectorAssert.Garbage(sut.Layout.PaddedLength);
        sut.Initialize(ref random, w);
        foreach (var tensor in sut.Layout.Tensors)
        {
            float[] values = w[tensor.Offset..(tensor.Offset + tensor.Length)];
            double limit = tensor.Shape.Length == 2 ? Math.Sqrt(6.0 / (tensor.Shape[0] + tensor.Shape[1])) : 0;
            Assert.All(values, x => Assert.InRange(x, -limit * 1.000001, limit * 1.000001));
            // Of a uniform variable on ±limit: mean 0, mean square limit² / 3; four standard errors.
            Assert.InRange(values.Average(), -4 * limit / Math.Sqrt(3 * values.Length), 4 * limit / Math.Sqrt(3 * values.Length));
            Assert.InRange(values.Average(x => x * x), limit * limit / 3 * 0.8, limit * limit / 3 * 1.2);
        }

        VectorAssert.PaddingIsZero(sut.Layout, w);
    }

    [Fact]
    public void Calls_WithWrongSizes_AreRefusedByName()
    {
        using var sut = CreateSut([4, 8, 3], 2);
        float[] w = new float[sut.Layout.PaddedLength], x = new float[12];
        Assert.Throws<ArgumentException>(() => sut.Loss(w.AsSpan(1), new Minibatch(x, [0])));
        Assert.Throws<ArgumentException>(() => sut.Loss(w, new Minibatch(x, [0, 1, 2])));
        Assert.Throws<ArgumentException>(() => sut.Loss(w, new Minibatch(x, [])));
        Assert.Throws<ArgumentException>(() => sut.Loss(w, new Minibatch(x.AsSpan(0, 7), [0, 1])));
        Assert.Throws<ArgumentOutOfRangeException>(() => sut.Loss(w, new Minibatch(x, [3])));
        Assert.Throws<ArgumentException>(() => sut.LossAndGradient(w, new Minibatch(x, [0]), new float[3]));
    }

    /// <summary>Softmax regression, one and three hidden layers; fewer examples than there is room for.</summary>
    [Theory]
    [InlineData(new[] { 6, 10 }, 5)]
    [InlineData(new[] { 6, 20, 10 }, 5)]
    [InlineData(new[] { 9, 20, 33, 5, 3 }, 1)]
    [InlineData(new[] { 9, 20, 33, 5, 3 }, 8)]
    public void HessianVectorProduct_WithIntermediates_HasTheSameBits(int[] widths, int rows)
    {
        using var sut = CreateSut(widths, 8);
        var c = new FullyConnectedCase(sut.Layout, widths, rows, seed: 8);
        float[] kept = VectorAssert.Garbage(sut.IntermediatesLength(rows)), gradient = new float[c.W.Length], without = new float[c.W.Length];
        Assert.Equal(sut.LossAndGradient(c.W, c.Batch, without), sut.LossAndGradient(c.W, c.Batch, gradient, kept));
        Assert.Equal(without, gradient);

        float[] expected = new float[c.W.Length], actual = new float[c.W.Length], again = new float[c.W.Length];
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, expected);
        sut.Loss(c.V, c.Batch);
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, kept, actual);
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, kept, again);
        Assert.Contains(expected, x => x != 0);
        Assert.Equal(expected, actual);
        Assert.Equal(expected, again);
    }

    [Fact]
    public void Intermediates_TooFew_AreRefused()
    {
        using var sut = CreateSut([4, 8, 3], 2);
        float[] w = new float[sut.Layout.PaddedLength], x = new float[8], few = new float[sut.IntermediatesLength(2) - 1];
        Assert.Throws<ArgumentException>(() => sut.LossAndGradient(w, new Minibatch(x, [0, 1]), new float[w.Length], few));
        Assert.Throws<ArgumentException>(() => sut.AddHessianVectorProduct(w, w, new Minibatch(x, [0, 1]), few, new float[w.Length]));
    }

    [Fact]
    public void Flops_CountEachDenseProductOnce()
    {
        using var sut = CreateSut([64, 32, 32, 10], 8);
        double first = 2 * 64 * 32, second = 2 * 32 * 32, third = 2 * 32 * 10;
        var (gradient, product) = sut.Flops(8);
        Assert.Equal(8 * ((2 * first) + (3 * second) + (3 * third)), gradient);
        Assert.Equal(8 * ((3 * first) + (7 * second) + (8 * third)), product);
        Assert.Equal(8 * ((2 * first) + (6 * second) + (6 * third)), sut.HessianVectorFlopsWithIntermediates(8));
    }

    private static FullyConnectedProblem CreateSut(int[] widths, int maxMinibatch) => new(widths[0], widths.AsSpan()[1..^1], widths[^1], maxMinibatch);

    private static double[] Product(FullyConnectedProblem sut, FullyConnectedCase c, float[] v)
    {
        float[] product = new float[v.Length];
        sut.AddHessianVectorProduct(c.W, v, c.Batch, product);
        return c.Wide(product);
    }
}
