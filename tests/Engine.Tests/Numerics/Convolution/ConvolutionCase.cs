using LoptCluster.Engine.Numerics.Convolution;
using LoptCluster.Engine.Numerics.Convolution.Winograd;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;
using Xunit;

namespace LoptCluster.Engine.Tests.Numerics.Convolution;

/// <summary>A convolution with random weights and maps; plain arrays are [H, W, C] without padding.</summary>
internal sealed unsafe class ConvolutionCase : IDisposable
{
    private readonly Random _random = new(5);
    private readonly AlignedBuffer _x;
    private readonly AlignedBuffer _x2;
    private readonly AlignedBuffer _inputResult;
    private readonly AlignedBuffer _outputResult;
    private readonly AlignedBuffer _g;
    private readonly AlignedBuffer _g2;
    private readonly AlignedBuffer _weights;
    private readonly AlignedBuffer _bias;
    private readonly AlignedBuffer _direction;
    private readonly AlignedBuffer _biasDirection;

    /// <param name="winograd">By which of the two.</param>
    /// <param name="padInputs">Pixels of the input are whole vectors, whatever its channels.</param>
    public ConvolutionCase(bool winograd, int size, int stride, int inputs, int outputs, bool padInputs = false)
    {
        // An image's pixels touch; those of a layer are whole vectors.
        int pixel = winograd || padInputs || inputs > 3 ? RowPacking.Stride(inputs) : inputs;
        Geometry = new ConvolutionGeometry(size, inputs, pixel, outputs, stride);
        Convolution = winograd
            ? new WinogradConvolution(Geometry, hasBias: true, null)
            : new DirectConvolution(Geometry, hasBias: true, null);
        (W, B, V, VB) = (Draw(Geometry.PatchLength * outputs), Draw(outputs), Draw(Geometry.PatchLength * outputs), Draw(outputs));
        (_weights, _bias, _direction, _biasDirection) = (Vector(W), Vector(B), Vector(V), Vector(VB));
        Convolution.Load(_weights.Pointer, backward: true);
        Convolution.LoadTangents(_direction.Pointer);
        (X, X2) = (Draw(size * size * inputs), Draw(size * size * inputs));
        (_x, _x2) = (InputMap(X), InputMap(X2));
        _inputResult = new AlignedBuffer((size + 2L) * (size + 2) * RowPacking.Stride(inputs));
        _outputResult = new AlignedBuffer(Geometry.OutputMapLength);
        (_g, _g2) = (OutputMap(), OutputMap());
    }

    public ConvolutionGeometry Geometry { get; }

    public PackedConvolution Convolution { get; }

    public float[] W { get; }

    public float[] B { get; }

    public float[] V { get; }

    public float[] VB { get; }

    public float[] X { get; }

    public float[] X2 { get; }

    public float* XMap => _x.Pointer;

    public float* X2Map => _x2.Pointer;

    /// <summary>Room for a gradient of the input.</summary>
    public float* InputResult => _inputResult.Pointer;

    /// <summary>Room for an output.</summary>
    public float* OutputResult => _outputResult.Pointer;

    public float* G => _g.Pointer;

    public float* G2 => _g2.Pointer;

    public float* Weights => _weights.Pointer;

    public float* Bias => _bias.Pointer;

    public float* BiasDirection => _biasDirection.Pointer;

    public float[] Outputs(float* map) => Plain(Geometry.OutputSize, Geometry.OutputChannels, map, Geometry.OutputOffset);

    public float[] Inputs(float* map) => Plain(Geometry.InputSize, Geometry.InputChannels, map, Geometry.InputOffset);

    public void AddBias(double[] y, float[] bias)
    {
        for (int i = 0; i < y.Length; i++) y[i] += bias[i % bias.Length];
    }

    public void AssertRingIsZero(float* map)
    {
        for (int i = -1; i <= Geometry.OutputSize; i++)
        {
            for (int c = 0; c < Geometry.OutputPixelStride; c++)
            {
                Assert.Equal(0, map[Geometry.OutputOffset(-1, i) + c]);
                Assert.Equal(0, map[Geometry.OutputOffset(i, -1) + c]);
                Assert.Equal(0, map[Geometry.OutputOffset(Geometry.OutputSize, i) + c]);
                Assert.Equal(0, map[Geometry.OutputOffset(i, Geometry.OutputSize) + c]);
            }
        }
    }

    public void Dispose()
    {
        Convolution.Dispose();
        foreach (var buffer in (AlignedBuffer[])[_x, _x2, _inputResult, _outputResult, _g, _g2, _weights, _bias, _direction,
            _biasDirection])
            buffer.Dispose();
    }

    private static float[] Plain(int size, int channels, float* map, Func<int, int, int> offset)
    {
        float[] plain = new float[size * size * channels];
        for (int i = 0; i < plain.Length; i++)
            plain[i] = map[offset(i / channels / size, i / channels % size) + (i % channels)];
        return plain;
    }

    private float[] Draw(int length)
    {
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan()) value = (2 * _random.NextSingle()) - 1;
        return values;
    }

    private static AlignedBuffer Vector(float[] values)
    {
        var vector = new AlignedBuffer(RowPacking.Stride(values.Length));
        values.CopyTo(vector.Span);
        return vector;
    }

    private AlignedBuffer InputMap(float[] x)
    {
        var map = new AlignedBuffer(Geometry.InputMapLength);
        int channels = Geometry.InputChannels, size = Geometry.InputSize;
        for (int i = 0; i < x.Length; i++)
            map.Pointer[Geometry.InputOffset(i / channels / size, i / channels % size) + (i % channels)] = x[i];
        return map;
    }

    private AlignedBuffer OutputMap()
    {
        var map = new AlignedBuffer(Geometry.OutputMapLength);
        int channels = Geometry.OutputChannels, size = Geometry.OutputSize;
        float[] values = Draw(size * size * channels);
        for (int i = 0; i < values.Length; i++)
            map.Pointer[Geometry.OutputOffset(i / channels / size, i / channels % size) + (i % channels)] = values[i];
        return map;
    }
}
