using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.Numerics;
using LoptCluster.Engine.Numerics.Convolution;
using Xunit;

namespace LoptCluster.Engine.Tests.Numerics.Convolution;

/// <summary>A layer with random maps; plain arrays are [H, W, C] without padding.</summary>
internal sealed unsafe class ConvolutionCase : IDisposable
{
    private readonly Random _random = new(5);
    private readonly AlignedBuffer _x;
    private readonly AlignedBuffer _x2;
    private readonly AlignedBuffer _result;
    private readonly AlignedBuffer _g;
    private readonly AlignedBuffer _g2;
    private readonly AlignedBuffer _parameters;
    private readonly AlignedBuffer _direction;

    public ConvolutionCase(int size, int stride, int inputs, int outputs, bool padInputs = false)
    {
        // An image's pixels touch; those of a layer are whole vectors.
        int pixel = padInputs || inputs > 3 ? RowPacking.Stride(inputs) : inputs;
        Geometry = new ConvolutionGeometry(size, inputs, pixel, outputs, stride);
        BiasOffset = RowPacking.Stride(Geometry.PatchLength * outputs);
        Length = BiasOffset + RowPacking.Stride(outputs);
        var weights = new ParameterTensor("conv1_w", [3, 3, inputs, outputs], 0, Geometry.PatchLength * outputs);
        var bias = new ParameterTensor("conv1_b", [outputs], BiasOffset, outputs);
        Layer = new ConvolutionLayer(Geometry, weights, bias, null);
        (W, B, V, VB) = (Draw(weights.Length), Draw(outputs), Draw(weights.Length), Draw(outputs));
        (_parameters, _direction) = (Vector(W, B), Vector(V, VB));
        Layer.Load(Parameters, backward: true);
        Layer.LoadTangents(Direction);
        (X, X2) = (Draw(size * size * inputs), Draw(size * size * inputs));
        (_x, _x2) = (InputMap(X), InputMap(X2));
        _result = new AlignedBuffer((size + 2L) * (size + 2) * RowPacking.Stride(inputs));
        (_g, _g2) = (OutputMap(), OutputMap());
    }

    public ConvolutionGeometry Geometry { get; }

    public ConvolutionLayer Layer { get; }

    public int BiasOffset { get; }

    public int Length { get; }

    public float[] W { get; }

    public float[] B { get; }

    public float[] V { get; }

    public float[] VB { get; }

    public float[] X { get; }

    public float[] X2 { get; }

    public float* XMap => _x.Pointer;

    public float* X2Map => _x2.Pointer;

    public float* ResultMap => _result.Pointer;

    public float* G => _g.Pointer;

    public float* G2 => _g2.Pointer;

    public float* Parameters => _parameters.Pointer;

    public float* Direction => _direction.Pointer;

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
        Layer.Dispose();
        foreach (var buffer in (AlignedBuffer[])[_x, _x2, _result, _g, _g2, _parameters, _direction]) buffer.Dispose();
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

    private AlignedBuffer Vector(float[] weights, float[] bias)
    {
        var vector = new AlignedBuffer(Length);
        weights.CopyTo(vector.Span);
        bias.CopyTo(vector.Span[BiasOffset..]);
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
