using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Mlp;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

public sealed class MlpOptimizerTests
{
    /// <summary>Of a step against the scalar twin: both round some 300 products of order 1 to 24 bits.</summary>
    private const double StepTolerance = 2e-5;

    /// <summary>Of cotangents against double, relative to the norm: the tolerance of the golden cases.</summary>
    private const double PullTolerance = 1e-5;

    // Large scales, so that the exponential matters and a step is not lost in w's rounding.
    private static readonly UpdateSettings Settings = new(InnerSteps: 40)
    {
        StepScale = 0.5,
        ExponentScale = 0.3,
        TrainingImages = 250,
        MinibatchSize = 32,
    };

    public static TheoryData<OptimizerKind> Kinds =>
        [OptimizerKind.Mlp16, OptimizerKind.Mlp31, OptimizerKind.Mlp20, OptimizerKind.Mlp28];

    public static TheoryData<OptimizerKind, int> Lengths
    {
        get
        {
            var data = new TheoryData<OptimizerKind, int>();
            foreach (var kind in new[] { OptimizerKind.Mlp16, OptimizerKind.Mlp31, OptimizerKind.Mlp28 })
                foreach (int length in Enumerable.Range(1, 80).Concat(
                [
                    96, 112, 128, 129, 255, 383, 384, 385, 400, 432, 1000, 4096, 4097, 9000,
                ]))
                {
                    data.Add(kind, length);
                }
            return data;
        }
    }

    private static ParameterLayout Several => new(("a", [5, 20]), ("b", [1]), ("c", [16]), ("d", [17]), ("e", [3, 3, 40]), ("f", [5]));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Update_AnyLength_EqualsScalarTwin(OptimizerKind kind, int length) =>
        CheckUpdate(kind, new ParameterLayout(("w", [length])));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Update_SeveralTensors_EqualsScalarTwin(OptimizerKind kind) => CheckUpdate(kind, Several);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void VectorJacobianProduct_AnyLength_EqualsDouble(OptimizerKind kind, int length) =>
        CheckPullback(kind, new ParameterLayout(("w", [length])));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void VectorJacobianProduct_SeveralTensors_EqualsDouble(OptimizerKind kind) => CheckPullback(kind, Several);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ScalarTwin_SeveralTensors_EqualsDouble(OptimizerKind kind)
    {
        var layout = Several;
        using var sut = CreateSut(kind, layout);
        var c = new OptimizerCase(OptimizerFamilies.Of(kind), layout);
        float[] w = [.. c.W], m = [.. c.M];
        new MlpReference(MlpShape.Of(kind), layout, Settings).Update(c.Theta, c.T, c.G, w, m);
        var (expected, expectedM) = new DoubleMlp(kind, layout, Settings)
            .Update(OptimizerCase.Wide(c.Theta), c.T, OptimizerCase.Wide(c.G), OptimizerCase.Wide(c.W), OptimizerCase.Wide(c.M));
        Assert.InRange(VectorAssert.RelativeError(Change(c.W, w), Change(c.W, expected)), 0, StepTolerance);
        Assert.InRange(VectorAssert.RelativeError(OptimizerCase.Wide(m), expectedM), 0, 1e-6);
    }

    /// <summary>The pullback in double, against which the kernels are judged, is the derivative of the update in double.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void DoublePullback_EveryInput_EqualsFiniteDifference(OptimizerKind kind)
    {
        var layout = new ParameterLayout(("a", [7]), ("b", [2]));
        using var sut = CreateSut(kind, layout);
        var c = new OptimizerCase(OptimizerFamilies.Of(kind), layout);
        var twin = new DoubleMlp(kind, layout, Settings);
        double[][] at = [OptimizerCase.Wide(c.Theta), OptimizerCase.Wide(c.G), OptimizerCase.Wide(c.W), OptimizerCase.Wide(c.M)];
        double[] wBar = OptimizerCase.Wide(c.WCotangent), mBar = OptimizerCase.Wide(c.MCotangent);
        var (theta, g, w, m) = twin.Pull(at[0], c.T, at[1], at[2], at[3], wBar, mBar);
        double[][] pulled = [theta, g, w, m];
        for (int which = 0; which < at.Length; which++)
        {
            for (int i = 0; i < at[which].Length; i++)
            {
                double difference = Central(at, which, i, x =>
                {
                    var (wNext, mNext) = twin.Update(x[0], c.T, x[1], x[2], x[3]);
                    return VectorAssert.Dot(wNext, wBar) + VectorAssert.Dot(mNext, mBar);
                });

                // Padding is no parameter: its cotangent is left as it is.
                bool padding = which > 0
                    && !layout.Tensors.Any(t => i % layout.PaddedLength >= t.Offset && i % layout.PaddedLength < t.Offset + t.Length);
                if (!padding) Assert.Equal(difference, pulled[which][i], 1e-6 * (1 + Math.Abs(difference)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void VectorJacobianProduct_UnitExactlyAtZero_SendsNothingBack(OptimizerKind kind)
    {
        var layout = new ParameterLayout(("w", [20]));
        using var sut = CreateSut(kind, layout);
        var c = new OptimizerCase(OptimizerFamilies.Of(kind), layout);
        var shape = MlpShape.Of(kind);
        Array.Clear(c.Theta, 0, shape.Weights2);
        c.Theta[shape.Bias2] = 1;
        c.Run(sut);
        Assert.All(c.ThetaCotangent[..shape.Bias2], x => Assert.Equal(0, x));
        Assert.All(c.ThetaCotangent[shape.Bias2..], x => Assert.NotEqual(0, x));
    }

    /// <summary>Doubling cotangents doubles what comes back, bit for bit: products by powers of two are exact.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void VectorJacobianProduct_CotangentsTimesFour_GivesFourTimes(OptimizerKind kind)
    {
        using var sut = CreateSut(kind, Several);
        for (int seed = 0; seed < 20; seed++)
        {
            OptimizerCase one = new OptimizerCase(
                OptimizerFamilies.Of(kind), Several, seed).Run(sut), four = new(OptimizerFamilies.Of(kind), Several, seed);
            for (int i = 0; i < four.WCotangent.Length; i++) four.WCotangent[i] *= 4;
            for (int i = 0; i < four.MCotangent.Length; i++) four.MCotangent[i] *= 4;
            four.Run(sut);
            Assert.Equal(one.ThetaCotangent.Select(x => 4 * x), four.ThetaCotangent);
            Assert.Equal(one.GCotangent.Select(x => 4 * x), four.GCotangent);
            Assert.Equal(one.WCotangent.Select(x => 4 * x), four.WCotangent);
            Assert.Equal(one.MCotangent.Select(x => 4 * x), four.MCotangent);
        }
    }

    /// <summary>Each parameter is updated as if alone but for the normalisers, and those do not see the order.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Update_ParametersReversed_ReversesTheStep(OptimizerKind kind)
    {
        var layout = new ParameterLayout(("w", [150]));
        using var sut = CreateSut(kind, layout);
        OptimizerCase one = new OptimizerCase(
            OptimizerFamilies.Of(kind), layout).Run(sut), reversed = new(OptimizerFamilies.Of(kind), layout);
        Array.Reverse(reversed.G, 0, 150);
        Array.Reverse(reversed.WNext, 0, 150);
        for (int f = 0; f < 5; f++) Array.Reverse(reversed.MNext, f * layout.PaddedLength, 150);
        sut.Update(reversed.Theta, reversed.T, reversed.G, reversed.WNext, reversed.MNext);
        Array.Reverse(reversed.WNext, 0, 150);
        Assert.InRange(VectorAssert.RelativeError(OptimizerCase.Wide(reversed.WNext), OptimizerCase.Wide(one.WNext)), 0, StepTolerance);
    }

    internal static MlpOptimizer CreateSut(OptimizerKind kind, ParameterLayout layout) =>
        new(MlpShape.Of(kind), layout, Settings);

    private static void CheckUpdate(OptimizerKind kind, ParameterLayout layout)
    {
        using var sut = CreateSut(kind, layout);
        var twin = new MlpReference(MlpShape.Of(kind), layout, Settings);
        var c = new OptimizerCase(OptimizerFamilies.Of(kind), layout, layout.Length);
        float[] w = [.. c.W], m = [.. c.M];
        for (long t = 5; t < 8; t++)
        {
            float[] before = [.. w];
            w.CopyTo(c.WNext.AsSpan());
            m.CopyTo(c.MNext.AsSpan());
            sut.Update(c.Theta, t, c.G, c.WNext, c.MNext);
            twin.Update(c.Theta, t, c.G, w, m);
            Assert.InRange(VectorAssert.RelativeError(Change(before, c.WNext), Change(before, w)), 0, StepTolerance);
            Assert.InRange(VectorAssert.RelativeError(OptimizerCase.Wide(c.MNext), OptimizerCase.Wide(m)), 0, 1e-6);
            Assert.All(c.MNext.Chunk(layout.PaddedLength).Append(c.WNext), v => VectorAssert.PaddingIsZero(layout, v));
        }
    }

    private static void CheckPullback(OptimizerKind kind, ParameterLayout layout)
    {
        using var sut = CreateSut(kind, layout);
        var c = new OptimizerCase(OptimizerFamilies.Of(kind), layout, layout.Length);
        double[] wBar = OptimizerCase.Wide(c.WCotangent), mBar = OptimizerCase.Wide(c.MCotangent);
        c.Run(sut);
        var (theta, g, w, m) = new DoubleMlp(kind, layout, Settings)
            .Pull(OptimizerCase.Wide(c.Theta), c.T, OptimizerCase.Wide(c.G), OptimizerCase.Wide(c.W), OptimizerCase.Wide(c.M), wBar, mBar);
        Assert.InRange(VectorAssert.RelativeError(c.ThetaCotangent, theta), 0, PullTolerance);
        Assert.InRange(VectorAssert.RelativeError(OptimizerCase.Wide(c.GCotangent), g), 0, PullTolerance);
        Assert.InRange(VectorAssert.RelativeError(OptimizerCase.Wide(c.WCotangent), w), 0, PullTolerance);
        Assert.InRange(VectorAssert.RelativeError(OptimizerCase.Wide(c.MCotangent), m), 0, PullTolerance);
        Assert.All(c.Padded, v => VectorAssert.PaddingIsZero(layout, v));
    }

    private static double[] Change(float[] before, float[] after) => [.. after.Zip(before, (a, b) => (double)a - b)];

    private static double[] Change(float[] before, double[] after) => [.. after.Zip(before, (a, b) => a - b)];

    private static double Central(double[][] at, int which, int i, Func<double[][], double> f)
    {
        const double Delta = 1e-6;
        double[][] up = [.. at.Select(x => x.ToArray())], down = [.. at.Select(x => x.ToArray())];
        up[which][i] += Delta;
        down[which][i] -= Delta;
        return (f(up) - f(down)) / (2 * Delta);
    }
}
