using LoptCluster.Engine.Numerics;
using LoptCluster.Engine.Numerics.Convolution;
using Xunit;

namespace LoptCluster.Engine.Tests.Numerics.Convolution;

public sealed unsafe class ConvolutionKernelsTests
{
    /// <summary>Of a sum of at most some thousand products, relative to the largest element: float32 against float64.</summary>
    private const double Float32 = 2e-6;

    /// <summary>Every size, stride and kind of channel count: contiguous image channels, less than a vector, one, one and a half, two, several blocks.</summary>
    public static TheoryData<int, int, int, int> Shapes()
    {
        var data = new TheoryData<int, int, int, int>();
        for (int size = 1; size <= 9; size++)
        {
            for (int stride = 1; stride <= 2; stride++)
            {
                data.Add(size, stride, 3, 4);
                data.Add(size, stride, 16, 32);
            }
        }

        foreach (int stride in (int[])[1, 2])
        {
            foreach (int inputs in (int[])[1, 2, 3, 5, 7, 11, 16, 20, 32, 48])
            {
                data.Add(7, stride, inputs, 32);
                data.Add(8, stride, inputs, 48);
                data.Add(5, stride, inputs, 17);
            }

            data.Add(6, stride, 128, 128);
            data.Add(14, stride, 32, 32);
            data.Add(28, stride, 1, 16);
            data.Add(32, stride, 3, 32);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_AnyShape_EqualsTheScalarTwin(int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(size, stride, inputs, outputs);
        double[] expected = new double[c.Outputs(c.G).Length];
        ConvolutionScalar.Forward(c.Geometry, c.X, c.W, expected);
        c.AddBias(expected, c.B);
        double[] relu = [.. expected.Select(y => Math.Max(y, 0))];

        c.Layer.Forward(c.XMap, c.Parameters, c.Layer.Activations);

        AssertNear(relu, c.Outputs(c.Layer.Activations));
        c.AssertRingIsZero(c.Layer.Activations);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardTangent_AnyShape_IsTwoConvolutionsUnderTheMask(int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(size, stride, inputs, outputs);
        double[] first = new double[c.Outputs(c.G).Length], second = new double[first.Length];
        ConvolutionScalar.Forward(c.Geometry, c.X, c.V, first);
        ConvolutionScalar.Forward(c.Geometry, c.X2, c.W, second);
        double[] expected = [.. first.Zip(second, (a, b) => a + b)];
        c.AddBias(expected, c.VB);
        float[] mask = c.Outputs(c.G);
        for (int i = 0; i < expected.Length; i++) expected[i] = mask[i] > 0 ? expected[i] : 0;

        c.Layer.ForwardTangent(c.XMap, c.X2Map, c.Direction, c.G, c.Layer.ActivationTangents);

        AssertNear(expected, c.Outputs(c.Layer.ActivationTangents));
        c.AssertRingIsZero(c.Layer.ActivationTangents);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Backward_AnyShape_EqualsTheScalarTwinUnderTheMask(int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(size, stride, inputs, outputs, padInputs: true);
        double[] expected = new double[c.X.Length];
        ConvolutionScalar.BackwardData(c.Geometry, c.Outputs(c.G), c.W, expected);
        for (int i = 0; i < expected.Length; i++) expected[i] = c.X[i] > 0 ? expected[i] : 0;

        c.Layer.Backward(c.G, c.XMap, c.ResultMap);

        AssertNear(expected, c.Inputs(c.ResultMap));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void BackwardTangent_AnyShape_IsTheSumOfTwo(int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(size, stride, inputs, outputs, padInputs: true);
        double[] first = new double[c.X.Length], second = new double[first.Length];
        ConvolutionScalar.BackwardData(c.Geometry, c.Outputs(c.G2), c.W, first);
        ConvolutionScalar.BackwardData(c.Geometry, c.Outputs(c.G), c.V, second);
        double[] expected = [.. first.Zip(second, (a, b) => a + b)];
        for (int i = 0; i < expected.Length; i++) expected[i] = c.X[i] > 0 ? expected[i] : 0;

        c.Layer.BackwardTangent(c.G, c.G2, c.XMap, c.ResultMap);

        AssertNear(expected, c.Inputs(c.ResultMap));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AddParameterGradient_OnePairAndThenTwo_AddsToTheScalarTwins(int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(size, stride, inputs, outputs);
        double[] first = new double[c.W.Length], second = new double[c.W.Length];
        ConvolutionScalar.BackwardWeights(c.Geometry, c.X, c.Outputs(c.G), first);
        ConvolutionScalar.BackwardWeights(c.Geometry, c.X2, c.Outputs(c.G2), second);

        c.Layer.ClearParameterGradient();
        c.Layer.AddParameterGradient(c.XMap, c.G, null, null);
        c.Layer.AddParameterGradient(c.XMap, c.G, c.X2Map, c.G2);
        using var result = new AlignedBuffer(c.Length);
        c.Layer.AddParameterGradientTo(result.Pointer);

        AssertNear([.. first.Zip(second, (a, b) => (2 * a) + b)], result.Span[..c.W.Length]);
        double[] bias = new double[outputs];
        float[] g = c.Outputs(c.G);
        for (int i = 0; i < g.Length; i++) bias[i % outputs] += 2.0 * g[i];
        AssertNear(bias, result.Span.Slice(c.BiasOffset, outputs));
        foreach (float padding in result.Span[c.W.Length..c.BiasOffset]) Assert.Equal(0, padding);
        foreach (float padding in result.Span[(c.BiasOffset + outputs)..]) Assert.Equal(0, padding);
    }

    [Theory]
    [InlineData(32, 2, 0)]
    [InlineData(7, 2, 1)]
    [InlineData(32, 1, 1)]
    [InlineData(7, 1, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 2, 0)]
    public void Geometry_PadsAsTensorFlowDoes(int size, int stride, int before) =>
        Assert.Equal(before, new ConvolutionGeometry(size, 1, 1, 1, stride).Before);

    [Fact]
    public void Forward_NaNAndOverflow_StayNotFinite()
    {
        using var c = new ConvolutionCase(4, 1, 3, 5);
        c.Parameters[0] = float.NaN;
        c.Layer.Load(c.Parameters, backward: true);
        c.Layer.Forward(c.XMap, c.Parameters, c.Layer.Activations);
        Assert.Contains(c.Outputs(c.Layer.Activations), float.IsNaN);
        c.AssertRingIsZero(c.Layer.Activations);
    }

    private static void AssertNear(double[] expected, ReadOnlySpan<float> actual)
    {
        double scale = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]);
            Assert.True(error <= Float32 * scale, $"Element {i}: {actual[i]}, expected {expected[i]}, of elements up to {scale}.");
        }
    }
}
