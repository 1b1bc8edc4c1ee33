using CsCheck;
using LoptCluster.Engine.InnerProblems.FullyConnected;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems.FullyConnected;

public sealed class FullyConnectedProblemTests : InnerProblemContract<FullyConnectedCases>
{
    private const double Float32 = InnerProblemCase.Float32;

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
        float[] w = new float[sut.Layout.PaddedLength], v = new float[w.Length], gradient = VectorAssert.Garbage(w.Length),
        product = new float[w.Length];
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
    public void HessianVector_RandomShapes_IsSymmetricAndLinear() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 40], Gen.Int[2, 18], Gen.Int[1, 20], Gen.Int).Sample((input, hidden, classes, rows, seed) =>
        {
            var c = FullyConnectedCases.Create("random", [input, hidden, classes], rows);
            using var sut = c.Create(rows);
            InnerProblemAssert.HessianIsSymmetricAndLinear(sut, new InnerProblemData(c, sut, rows, seed), c.SymmetryTolerance);
        }, iter: 300);

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
    public void Flops_CountEachDenseProductOnce()
    {
        using var sut = CreateSut([64, 32, 32, 10], 8);
        double first = 2 * 64 * 32, second = 2 * 32 * 32, third = 2 * 32 * 10;
        var (gradient, product) = sut.Flops(8);
        Assert.Equal(8 * ((2 * first) + (3 * second) + (3 * third)), gradient);
        Assert.Equal(8 * ((3 * first) + (7 * second) + (8 * third)), product);
        Assert.Equal(8 * ((2 * first) + (6 * second) + (6 * third)), sut.HessianVectorFlopsWithIntermediates(8));
    }

    private static FullyConnectedProblem CreateSut(int[] widths, int maxMinibatch) =>
        new(widths[0], widths.AsSpan()[1..^1], widths[^1], maxMinibatch);
}
