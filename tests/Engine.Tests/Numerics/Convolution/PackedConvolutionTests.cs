using LoptCluster.Engine.Numerics.Convolution;
using LoptCluster.Engine.Numerics.Convolution.Winograd;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;
using Xunit;

namespace LoptCluster.Engine.Tests.Numerics.Convolution;

/// <summary>A convolution by its definition and by Winograd's algorithms, held to one bound of rounding.</summary>
public sealed unsafe class PackedConvolutionTests
{
    /// <summary>Of a sum of at most some thousand products, relative to the largest element: float32 against float64.</summary>
    private const double Float32 = 2e-6;

    /// <summary>
    /// Every size, stride and kind of channel count: contiguous image channels, less than a vector, one, one and a half, two, several
    /// blocks.
    /// </summary>
    public static TheoryData<bool, int, int, int, int> Shapes()
    {
        var data = new TheoryData<bool, int, int, int, int>();
        foreach (bool winograd in (bool[])[false, true])
        {
            foreach (int stride in (int[])[1, 2])
            {
                for (int size = 1; size <= 9; size++)
                {
                    data.Add(winograd, size, stride, 3, 4);
                    data.Add(winograd, size, stride, 16, 32);
                }

                foreach (int inputs in (int[])[1, 2, 3, 5, 7, 11, 16, 20, 32, 48])
                {
                    data.Add(winograd, 7, stride, inputs, 32);
                    data.Add(winograd, 8, stride, inputs, 48);
                    data.Add(winograd, 5, stride, inputs, 17);
                }

                data.Add(winograd, 6, stride, 128, 128);
                data.Add(winograd, 14, stride, 32, 32);
                data.Add(winograd, 15, stride, 20, 32);
                data.Add(winograd, 16, stride, 32, 32);
                data.Add(winograd, 28, stride, 1, 16);
                data.Add(winograd, 32, stride, 3, 32);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_AnyShape_EqualsTheScalarTwin(bool winograd, int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(winograd, size, stride, inputs, outputs);
        double[] expected = new double[c.Outputs(c.G).Length];
        ConvolutionScalar.Forward(c.Geometry, c.X, c.W, expected);
        c.AddBias(expected, c.B);
        double[] relu = [.. expected.Select(y => Math.Max(y, 0))];

        c.Convolution.SetInput(c.XMap);
        c.Convolution.Forward(c.Bias, relu: true, c.OutputResult);

        AssertNear(relu, c.Outputs(c.OutputResult));
        c.AssertRingIsZero(c.OutputResult);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardTangent_AnyShape_IsTwoConvolutionsUnderTheMask(bool winograd, int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(winograd, size, stride, inputs, outputs);
        double[] first = new double[c.Outputs(c.G).Length], second = new double[first.Length];
        ConvolutionScalar.Forward(c.Geometry, c.X, c.V, first);
        ConvolutionScalar.Forward(c.Geometry, c.X2, c.W, second);
        double[] expected = [.. first.Zip(second, (a, b) => a + b)];
        c.AddBias(expected, c.VB);
        float[] mask = c.Outputs(c.G);
        for (int i = 0; i < expected.Length; i++) expected[i] = mask[i] > 0 ? expected[i] : 0;

        c.Convolution.SetInput(c.XMap);
        c.Convolution.SetInputTangent(c.X2Map);
        c.Convolution.ForwardTangent(c.BiasDirection, c.G, c.OutputResult);

        AssertNear(expected, c.Outputs(c.OutputResult));
        c.AssertRingIsZero(c.OutputResult);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Backward_AnyShape_EqualsTheScalarTwinUnderTheMask(bool winograd, int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(winograd, size, stride, inputs, outputs, padInputs: true);
        double[] expected = new double[c.X.Length];
        ConvolutionScalar.BackwardData(c.Geometry, c.Outputs(c.G), c.W, expected);
        for (int i = 0; i < expected.Length; i++) expected[i] = c.X[i] > 0 ? expected[i] : 0;

        c.Convolution.Backward(c.G, c.XMap, c.InputResult);

        AssertNear(expected, c.Inputs(c.InputResult));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void BackwardTangent_AnyShape_IsTheSumOfTwo(bool winograd, int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(winograd, size, stride, inputs, outputs, padInputs: true);
        double[] first = new double[c.X.Length], second = new double[first.Length];
        ConvolutionScalar.BackwardData(c.Geometry, c.Outputs(c.G2), c.W, first);
        ConvolutionScalar.BackwardData(c.Geometry, c.Outputs(c.G), c.V, second);
        double[] expected = [.. first.Zip(second, (a, b) => a + b)];
        for (int i = 0; i < expected.Length; i++) expected[i] = c.X[i] > 0 ? expected[i] : 0;

        c.Convolution.BackwardTangent(c.G, c.G2, c.XMap, c.InputResult);

        AssertNear(expected, c.Inputs(c.InputResult));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AddGradient_SeveralImages_AddsTheScalarTwins(bool winograd, int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(winograd, size, stride, inputs, outputs);
        c.Convolution.ClearGradient();
        for (int image = 0; image < 3; image++)
        {
            c.Convolution.SetInput(image == 1 ? c.X2Map : c.XMap);
            c.Convolution.AddGradient(image == 1 ? c.G2 : c.G);
        }

        AssertParameterGradient(c, 2, 1, 2, 1);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AddGradientTangent_OfAnInputWithTangent_IsTwoTerms(bool winograd, int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(winograd, size, stride, inputs, outputs);
        c.Convolution.ClearGradient();
        c.Convolution.SetInput(c.XMap);
        c.Convolution.SetInputTangent(c.X2Map);
        c.Convolution.AddGradientTangent(c.G2, c.G);

        AssertParameterGradient(c, 1, 1, 1, 0);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AddGradientTangent_OfAnInputWithoutTangent_IsOneTerm(bool winograd, int size, int stride, int inputs, int outputs)
    {
        using var c = new ConvolutionCase(winograd, size, stride, inputs, outputs);
        c.Convolution.ClearGradient();
        c.Convolution.SetInput(c.XMap);
        c.Convolution.SetInputTangent(null);
        c.Convolution.AddGradientTangent(null, c.G);

        AssertParameterGradient(c, 1, 0, 1, 0);
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_NaN_StaysNaN(bool winograd)
    {
        using var c = new ConvolutionCase(winograd, 4, 1, 3, 5);
        c.Weights[0] = float.NaN;
        c.Convolution.Load(c.Weights, backward: true);
        c.Convolution.SetInput(c.XMap);
        c.Convolution.Forward(c.Bias, relu: true, c.OutputResult);
        Assert.Contains(c.Outputs(c.OutputResult), float.IsNaN);
        c.AssertRingIsZero(c.OutputResult);
    }

    [Theory]
    [InlineData(16, 2, 32, true)]
    [InlineData(8, 1, 32, true)]
    [InlineData(7, 1, 128, true)]
    [InlineData(14, 2, 32, false)]
    [InlineData(8, 1, 4, false)]
    public void Pays_PaperLayers_WhereItWasMeasured(int size, int stride, int channels, bool pays) =>
        Assert.Equal(
            pays, WinogradConvolution.Pays(new ConvolutionGeometry(size, channels, RowPacking.Stride(channels), channels, stride)));

    /// <summary>What was gathered is a · x ⊗ g + b · x₂ ⊗ g₂, and of the bias c · Σ g + d · Σ g₂.</summary>
    private static void AssertParameterGradient(ConvolutionCase c, int ofFirst, int ofSecond, int biasOfFirst, int biasOfSecond)
    {
        double[] first = new double[c.W.Length], second = new double[c.W.Length], bias = new double[c.Geometry.OutputChannels];
        float[] g = c.Outputs(c.G), g2 = c.Outputs(c.G2);
        ConvolutionScalar.BackwardWeights(c.Geometry, c.X, g, first);
        ConvolutionScalar.BackwardWeights(c.Geometry, c.X2, g2, second);
        for (int i = 0; i < g.Length; i++) bias[i % bias.Length] += ((double)biasOfFirst * g[i]) + ((double)biasOfSecond * g2[i]);

        using var weights = new AlignedBuffer(RowPacking.Stride(first.Length));
        using var biases = new AlignedBuffer(RowPacking.Stride(bias.Length));
        c.Convolution.AddGradientTo(weights.Pointer, biases.Pointer);

        AssertNear([.. first.Zip(second, (a, b) => (ofFirst * a) + (ofSecond * b))], weights.Span[..first.Length]);
        AssertNear(bias, biases.Span[..bias.Length]);
        foreach (float padding in weights.Span[first.Length..]) Assert.Equal(0, padding);
        foreach (float padding in biases.Span[bias.Length..]) Assert.Equal(0, padding);
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
