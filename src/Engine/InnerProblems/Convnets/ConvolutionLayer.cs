using System.Runtime.CompilerServices;
using LoptCluster.Engine.Numerics;
using LoptCluster.Engine.Numerics.Convolution;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>One convolution of a convnet: where its tensors lie, its packed weights, and the maps of one image.</summary>
/// <remarks>One slot's. Maps are zero in their ring and in the padding channels, always.</remarks>
internal sealed unsafe class ConvolutionLayer : IDisposable
{
    private readonly ConvolutionPasses _passes;
    private readonly AlignedBuffer _buffer;
    private readonly float* _weights;
    private readonly float* _weightTangents;
    private readonly float* _backwardWeights;
    private readonly float* _backwardTangents;
    private readonly float* _weightGradient;
    private readonly float* _biasGradient;
    private readonly CacheLines? _meanwhile;
    private AlignedBuffer? _tangentMaps;

    /// <param name="weights">[3, 3, in, out].</param>
    /// <param name="bias">[out], or null: batch normalisation follows.</param>
    /// <param name="meanwhile">What the passes fetch while they compute, or null.</param>
    public ConvolutionLayer(ConvolutionGeometry geometry, ParameterTensor weights, ParameterTensor? bias, CacheLines? meanwhile)
    {
        Geometry = geometry;
        _meanwhile = meanwhile;
        _passes = new ConvolutionPasses(geometry);
        WeightsOffset = weights.Offset;
        BiasOffset = bias?.Offset ?? -1;
        BackwardFetches = Enumerable.Range(0, _passes.BackwardCount).Sum(i => ConvolutionKernels.BlockCount(_passes.Backward(i)));
        int forward = _passes.Forward.WeightsLength, backward = _passes.BackwardWeightsLength;
        _buffer = new AlignedBuffer((3L * forward) + (2L * backward) + geometry.OutputPixelStride + (2L * geometry.OutputMapLength));
        _weights = _buffer.Pointer;
        _weightTangents = _weights + forward;
        _backwardWeights = _weightTangents + forward;
        _backwardTangents = _backwardWeights + backward;
        _weightGradient = _backwardTangents + backward;
        _biasGradient = _weightGradient + forward;
        Activations = _biasGradient + geometry.OutputPixelStride;
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

    /// <summary>R of <see cref="Gradients"/>.</summary>
    public float* GradientTangents { get; private set; }

    /// <summary>Calls of <see cref="CacheLines.Fetch"/> in <see cref="Forward"/> or <see cref="ForwardTangent"/>.</summary>
    public int ForwardFetches => ConvolutionKernels.BlockCount(_passes.Forward);

    /// <summary>The same in <see cref="AddParameterGradient"/>.</summary>
    public int ParameterGradientFetches => ConvolutionKernels.WeightGradientBlockCount(_passes.Forward);

    /// <summary>The same in <see cref="Backward"/> or <see cref="BackwardTangent"/>.</summary>
    public int BackwardFetches { get; }

    private int BiasOffset { get; }

    private bool HasBias => BiasOffset >= 0;

    /// <summary>Packs the weights of w, valid until the next call.</summary>
    public void Load(float* w, bool backward)
    {
        _passes.PackForward(w + WeightsOffset, _weights);
        if (backward) _passes.PackBackward(w + WeightsOffset, _backwardWeights);
    }

    /// <summary>Packs the weights of the direction v, and makes room for the tangents when it is the first.</summary>
    public void LoadTangents(float* v)
    {
        _passes.PackForward(v + WeightsOffset, _weightTangents);
        _passes.PackBackward(v + WeightsOffset, _backwardTangents);
        if (_tangentMaps != null) return;
        _tangentMaps = new AlignedBuffer(2L * Geometry.OutputMapLength);
        ActivationTangents = _tangentMaps.Pointer;
        GradientTangents = ActivationTangents + Geometry.OutputMapLength;
    }

    /// <summary>y = relu(conv(x, W) + b), without bias just conv(x, W).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(float* x, float* w, float* y) =>
        ConvolutionKernels.Gather(_passes.Forward, new ConvolutionOperands
        {
            X = x,
            W = _weights,
            Bias = HasBias ? w + BiasOffset : null,
            Y = y,
            Relu = HasBias,
            Meanwhile = _meanwhile,
        });

    /// <summary>Ry = (conv(x, V) + conv(Rx, W) + Rb) where y is positive; Rx null: 0; mask null: everywhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ForwardTangent(float* x, float* xTangent, float* v, float* mask, float* yTangent) =>
        ConvolutionKernels.Gather(_passes.Forward, new ConvolutionOperands
        {
            X = x,
            W = _weightTangents,
            X2 = xTangent,
            W2 = _weights,
            Bias = HasBias ? v + BiasOffset : null,
            Y = yTangent,
            Mask = mask,
            Meanwhile = _meanwhile,
        });

    /// <summary>Gradient of the input, where the input is positive: the layer below had a ReLU.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(float* g, float* x, float* xGradient)
    {
        float* weights = _backwardWeights;
        for (int i = 0; i < _passes.BackwardCount; i++)
        {
            var pass = _passes.Backward(i);
            ConvolutionKernels.Gather(pass, new ConvolutionOperands { X = g, W = weights, Y = xGradient, Mask = x, Meanwhile = _meanwhile });
            weights += pass.WeightsLength;
        }
    }

    /// <summary>R of <see cref="Backward"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void BackwardTangent(float* g, float* gTangent, float* x, float* xGradientTangent)
    {
        float* weights = _backwardWeights;
        float* tangents = _backwardTangents;
        for (int i = 0; i < _passes.BackwardCount; i++)
        {
            var pass = _passes.Backward(i);
            ConvolutionKernels.Gather(
                pass, new ConvolutionOperands { X = gTangent, W = weights, X2 = g, W2 = tangents, Y = xGradientTangent, Mask = x, Meanwhile = _meanwhile });
            weights += pass.WeightsLength;
            tangents += pass.WeightsLength;
        }
    }

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

    public void ClearParameterGradient()
    {
        new Span<float>(_weightGradient, _passes.Forward.WeightsLength).Clear();
        new Span<float>(_biasGradient, Geometry.OutputPixelStride).Clear();
    }

    /// <summary>Adds one image's x ⊗ g (+ x₂ ⊗ g₂) to the gradient of W, and the sum of g to that of b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddParameterGradient(float* x, float* g, float* x2, float* g2)
    {
        ConvolutionKernels.AddWeightGradient(_passes.Forward, new PatchOperands { X = x, G = g, X2 = x2, G2 = g2, Meanwhile = _meanwhile }, _weightGradient);
        if (!HasBias) return;

        // The ring is zero, so the whole map can be summed as one matrix.
        int side = Geometry.OutputSize + 2;
        RowPacking.SumRows(g, Geometry.OutputPixelStride, side * side, _biasGradient, accumulate: true);
    }

    /// <summary>result += what <see cref="AddParameterGradient"/> has gathered.</summary>
    public void AddParameterGradientTo(float* result)
    {
        _passes.AddUnpacked(_weightGradient, result + WeightsOffset);
        if (!HasBias) return;
        for (int c = 0; c < Geometry.OutputChannels; c++) result[BiasOffset + c] += _biasGradient[c];
    }

    public void Dispose()
    {
        _passes.Dispose();
        _buffer.Dispose();
        _tangentMaps?.Dispose();
    }
}
