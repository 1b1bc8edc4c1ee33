using LoptCluster.Engine.Numerics.Convolution;
using LoptCluster.Engine.Numerics.Convolution.Winograd;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>One convolution of a convnet: the place of its tensors, its packed weights, and the maps of one image.</summary>
/// <remarks>
/// Owned by one slot. W, b are weights and bias, x the input, y the output, g = ∂ℓ/∂(conv(x, W) + b); V is the direction of W, and Rq the
/// </remarks>
/// derivative of any q in that direction. Maps are always zero in their ring and in the padding channels.
internal sealed unsafe class ConvolutionLayer : IDisposable
{
    private readonly PackedConvolution _convolution;
    private readonly AlignedBuffer _maps;
    private AlignedBuffer? _tangentMaps;

    /// <param name="weights">Weight tensor [3, 3, in, out].</param>
    /// <param name="bias">Bias tensor [out], or null if batch normalisation follows.</param>
    /// <param name="meanwhile">Memory that the passes fetch while they compute, or null.</param>
    public ConvolutionLayer(ConvolutionGeometry geometry, ParameterTensor weights, ParameterTensor? bias, CacheLines? meanwhile)
    {
        Geometry = geometry;
        WeightsOffset = weights.Offset;
        BiasOffset = bias?.Offset ?? -1;

        // The choice depends on the geometry alone, because the bits must not depend on anything else.
        _convolution = WinogradConvolution.Pays(geometry)
            ? new WinogradConvolution(geometry, HasBias, meanwhile)
            : new DirectConvolution(geometry, HasBias, meanwhile);
        _maps = new AlignedBuffer(2L * geometry.OutputMapLength);
        Activations = _maps.Pointer;
        Gradients = Activations + geometry.OutputMapLength;
    }

    public ConvolutionGeometry Geometry { get; }

    public int WeightsOffset { get; }

    /// <summary>Output y = relu(conv(x, W) + b), or relu of the normalised convolution.</summary>
    public float* Activations { get; }

    /// <summary>Gradient g of the ReLU's input.</summary>
    public float* Gradients { get; }

    /// <summary>Tangent R of <see cref="Activations"/>; allocated by <see cref="LoadTangents"/>.</summary>
    public float* ActivationTangents { get; private set; }

    /// <summary>Tangent R of <see cref="Gradients"/>; allocated by <see cref="LoadTangents"/>.</summary>
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

    /// <summary>Packs the weights of the direction v, and allocates the tangents on first use.</summary>
    public void LoadTangents(float* v)
    {
        _convolution.LoadTangents(v + WeightsOffset);
        if (_tangentMaps != null) return;
        _tangentMaps = new AlignedBuffer(2L * Geometry.OutputMapLength);
        ActivationTangents = _tangentMaps.Pointer;
        GradientTangents = ActivationTangents + Geometry.OutputMapLength;
    }

    /// <summary>Sets the input x of the calls that follow.</summary>
    public void SetInput(float* x) => _convolution.SetInput(x);

    /// <summary>Sets the input's tangent Rx of the calls that follow; null means 0.</summary>
    public void SetInputTangent(float* xTangent) => _convolution.SetInputTangent(xTangent);

    /// <summary>Computes y = relu(conv(x, W) + b), or just conv(x, W) without a bias.</summary>
    public void Forward(float* w, float* y) => _convolution.Forward(HasBias ? w + BiasOffset : null, relu: HasBias, y);

    /// <summary>Computes Ry = (conv(x, V) + conv(Rx, W) + Rb) where the mask is positive; null: everywhere.</summary>
    public void ForwardTangent(float* v, float* mask, float* yTangent) =>
        _convolution.ForwardTangent(HasBias ? v + BiasOffset : null, mask, yTangent);

    /// <summary>Computes the gradient of the input where the input is positive, since the layer below ends in a ReLU.</summary>
    public void Backward(float* g, float* x, float* xGradient) => _convolution.Backward(g, x, xGradient);

    /// <summary>Computes R of the result of <see cref="Backward"/>.</summary>
    public void BackwardTangent(float* g, float* gTangent, float* x, float* xGradientTangent) =>
        _convolution.BackwardTangent(g, gTangent, x, xGradientTangent);

    /// <summary>Copies a map to memory without its ring.</summary>
    /// <returns>End of the copy.</returns>
    public float* CopyOut(float* map, float* to)
    {
        int line = Geometry.OutputSize * Geometry.OutputPixelStride;
        for (int row = 0; row < Geometry.OutputSize; row++, to += line)
            new ReadOnlySpan<float>(map + Geometry.OutputOffset(row, 0), line).CopyTo(new Span<float>(to, line));
        return to;
    }

    /// <summary>Copies a map back from memory without a ring; the ring stays unchanged.</summary>
    /// <returns>End of the copied memory.</returns>
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

    /// <summary>Adds R of one image's gradient: x ⊗ Rg + Rx ⊗ g for W, and the sum of Rg for b.</summary>
    public void AddParameterGradientTangent(float* g, float* gTangent) => _convolution.AddGradientTangent(g, gTangent);

    /// <summary>Adds to <paramref name="result"/> the gradients added since <see cref="ClearParameterGradient"/>.</summary>
    public void AddParameterGradientTo(float* result) =>
        _convolution.AddGradientTo(result + WeightsOffset, HasBias ? result + BiasOffset : null);

    public void Dispose()
    {
        _convolution.Dispose();
        _maps.Dispose();
        _tangentMaps?.Dispose();
    }
}
