using LoptCluster.Engine.Numerics.Convolution;
using LoptCluster.Engine.Numerics.Convolution.Winograd;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>One convolution of a convnet: where its tensors lie, its weights, and the maps of one image.</summary>
/// <remarks>One slot's. Maps are zero in their ring and in the padding channels, always.</remarks>
internal sealed unsafe class ConvolutionLayer : IDisposable
{
    private readonly PackedConvolution _convolution;
    private readonly AlignedBuffer _maps;
    private AlignedBuffer? _tangentMaps;

    /// <param name="weights">[3, 3, in, out].</param>
    /// <param name="bias">[out], or null: batch normalisation follows.</param>
    /// <param name="meanwhile">What the passes fetch while they compute, or null.</param>
    public ConvolutionLayer(ConvolutionGeometry geometry, ParameterTensor weights, ParameterTensor? bias, CacheLines? meanwhile)
    {
        Geometry = geometry;
        WeightsOffset = weights.Offset;
        BiasOffset = bias?.Offset ?? -1;

        // The choice depends on nothing but the geometry: the bits must not either.
        _convolution = WinogradConvolution.Pays(geometry)
            ? new WinogradConvolution(geometry, HasBias, meanwhile)
            : new DirectConvolution(geometry, HasBias, meanwhile);
        _maps = new AlignedBuffer(2L * geometry.OutputMapLength);
        Activations = _maps.Pointer;
        Gradients = Activations + geometry.OutputMapLength;
    }

    public ConvolutionGeometry Geometry { get; }

    public int WeightsOffset { get; }

    /// <summary>y = relu(conv(x, W) + b), or of the normalised sum.</summary>
    public float* Activations { get; }

    /// <summary>Gradient of the sum that the ReLU takes.</summary>
    public float* Gradients { get; }

    /// <summary>R of <see cref="Activations"/>; there after <see cref="LoadTangents"/>.</summary>
    public float* ActivationTangents { get; private set; }

    /// <summary>Tangents (R) of <see cref="Gradients"/>.</summary>
    public float* GradientTangents { get; private set; }

    /// <inheritdoc cref="PackedConvolution.Flops"/>
    public double Flops => _convolution.Flops;

    /// <inheritdoc cref="PackedConvolution.ForwardFetches"/>
    public int ForwardFetches => _convolution.ForwardFetches;

    /// <inheritdoc cref="PackedConvolution.GradientFetches"/>
    public int ParameterGradientFetches => _convolution.GradientFetches;

    /// <inheritdoc cref="PackedConvolution.BackwardFetches"/>
    public int BackwardFetches => _convolution.BackwardFetches;

    private int BiasOffset { get; }

    private bool HasBias => BiasOffset >= 0;

    /// <summary>Packs the weights of w, valid until the next call.</summary>
    public void Load(float* w, bool backward) => _convolution.Load(w + WeightsOffset, backward);

    /// <summary>Packs the weights of the direction v, and makes room for the tangents when it is the first.</summary>
    public void LoadTangents(float* v)
    {
        _convolution.LoadTangents(v + WeightsOffset);
        if (_tangentMaps != null) return;
        _tangentMaps = new AlignedBuffer(2L * Geometry.OutputMapLength);
        ActivationTangents = _tangentMaps.Pointer;
        GradientTangents = ActivationTangents + Geometry.OutputMapLength;
    }

    /// <summary>x of the calls that follow.</summary>
    public void Take(float* x) => _convolution.Take(x);

    /// <summary>Rx of the calls that follow, or null: 0.</summary>
    public void TakeTangent(float* xTangent) => _convolution.TakeTangent(xTangent);

    /// <summary>y = relu(conv(x, W) + b), without bias just conv(x, W).</summary>
    public void Forward(float* w, float* y) => _convolution.Forward(HasBias ? w + BiasOffset : null, relu: HasBias, y);

    /// <summary>Ry = (conv(x, V) + conv(Rx, W) + Rb) where y is positive; mask null: everywhere.</summary>
    public void ForwardTangent(float* v, float* mask, float* yTangent) => _convolution.ForwardTangent(HasBias ? v + BiasOffset : null, mask, yTangent);

    /// <summary>Gradient of the input, where the input is positive: the layer below had a ReLU.</summary>
    public void Backward(float* g, float* x, float* xGradient) => _convolution.Backward(g, x, xGradient);

    /// <summary>Tangents (R) of <see cref="Backward"/>.</summary>
    public void BackwardTangent(float* g, float* gTangent, float* x, float* xGradientTangent) =>
        _convolution.BackwardTangent(g, gTangent, x, xGradientTangent);

    /// <summary>Copies a map to memory without its ring.</summary>
    /// <returns>Where the copy ends.</returns>
    public float* CopyOut(float* map, float* to)
    {
        int line = Geometry.OutputSize * Geometry.OutputPixelStride;
        for (int row = 0; row < Geometry.OutputSize; row++, to += line)
            new ReadOnlySpan<float>(map + Geometry.OutputOffset(row, 0), line).CopyTo(new Span<float>(to, line));
        return to;
    }

    /// <summary>The way back; the ring stays as it is.</summary>
    /// <returns>Where the copy ended.</returns>
    public float* CopyIn(float* from, float* map)
    {
        int line = Geometry.OutputSize * Geometry.OutputPixelStride;
        for (int row = 0; row < Geometry.OutputSize; row++, from += line)
            new ReadOnlySpan<float>(from, line).CopyTo(new Span<float>(map + Geometry.OutputOffset(row, 0), line));
        return from;
    }

    public void ClearParameterGradient() => _convolution.ClearGradient();

    /// <summary>Adds one image's x ⊗ g to the gradient of W, and the sum of g to that of b.</summary>
    public void AddParameterGradient(float* g) => _convolution.AddGradient(g);

    /// <summary>The same of their R: x ⊗ Rg + Rx ⊗ g, and the sum of Rg.</summary>
    public void AddParameterGradientTangent(float* g, float* gTangent) => _convolution.AddGradientTangent(g, gTangent);

    /// <summary>result += what was added since <see cref="ClearParameterGradient"/>.</summary>
    public void AddParameterGradientTo(float* result) => _convolution.AddGradientTo(result + WeightsOffset, HasBias ? result + BiasOffset : null);

    public void Dispose()
    {
        _convolution.Dispose();
        _maps.Dispose();
        _tangentMaps?.Dispose();
    }
}
