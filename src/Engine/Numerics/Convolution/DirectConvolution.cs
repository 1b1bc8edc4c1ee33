using System.Runtime.CompilerServices;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>Convolution by its definition: every output is one sum over its patch.</summary>
internal sealed unsafe class DirectConvolution : PackedConvolution
{
    private readonly ConvolutionGeometry _geometry;
    private readonly bool _hasBias;
    private readonly CacheLines? _meanwhile;
    private readonly ConvolutionPasses _passes;
    private readonly AlignedBuffer _buffer;
    private readonly float* _weights;
    private readonly float* _weightTangents;
    private readonly float* _backwardWeights;
    private readonly float* _backwardTangents;
    private readonly float* _weightGradient;
    private readonly float* _biasGradient;
    private float* _x;
    private float* _xTangent;

    public DirectConvolution(ConvolutionGeometry geometry, bool hasBias, CacheLines? meanwhile)
    {
        _geometry = geometry;
        _hasBias = hasBias;
        _meanwhile = meanwhile;
        _passes = new ConvolutionPasses(geometry);
        BackwardFetches = Enumerable.Range(0, _passes.BackwardCount).Sum(i => ConvolutionKernels.BlockCount(_passes.Backward(i)));
        int forward = _passes.Forward.WeightsLength, backward = _passes.BackwardWeightsLength;
        _buffer = new AlignedBuffer((3L * forward) + (2L * backward) + geometry.OutputPixelStride);
        _weights = _buffer.Pointer;
        _weightTangents = _weights + forward;
        _backwardWeights = _weightTangents + forward;
        _backwardTangents = _backwardWeights + backward;
        _weightGradient = _backwardTangents + backward;
        _biasGradient = _weightGradient + forward;
    }

    public override double Flops => _geometry.Flops;

    public override int ForwardFetches => ConvolutionKernels.BlockCount(_passes.Forward);

    public override int BackwardFetches { get; }

    public override int GradientFetches => ConvolutionKernels.WeightGradientBlockCount(_passes.Forward);

    public override void Load(float* weights, bool backward)
    {
        _passes.PackForward(weights, _weights);
        if (backward) _passes.PackBackward(weights, _backwardWeights);
    }

    public override void LoadTangents(float* weights)
    {
        _passes.PackForward(weights, _weightTangents);
        _passes.PackBackward(weights, _backwardTangents);
    }

    public override void SetInput(float* x) => _x = x;

    public override void SetInputTangent(float* xTangent) => _xTangent = xTangent;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(float* bias, bool relu, float* y) => ConvolutionKernels.Gather(
        _passes.Forward, new ConvolutionOperands { X = _x, W = _weights, Bias = bias, Y = y, Relu = relu, Meanwhile = _meanwhile });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ForwardTangent(float* bias, float* mask, float* yTangent) =>
        ConvolutionKernels.Gather(_passes.Forward, new ConvolutionOperands
        {
            X = _x,
            W = _weightTangents,
            X2 = _xTangent,
            W2 = _weights,
            Bias = bias,
            Y = yTangent,
            Mask = mask,
            Meanwhile = _meanwhile,
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(float* g, float* mask, float* xGradient)
    {
        float* weights = _backwardWeights;
        for (int i = 0; i < _passes.BackwardCount; i++)
        {
            var pass = _passes.Backward(i);
            ConvolutionKernels.Gather(
                pass, new ConvolutionOperands { X = g, W = weights, Y = xGradient, Mask = mask, Meanwhile = _meanwhile });
            weights += pass.WeightsLength;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void BackwardTangent(float* g, float* gTangent, float* mask, float* xGradientTangent)
    {
        float* weights = _backwardWeights;
        float* tangents = _backwardTangents;
        for (int i = 0; i < _passes.BackwardCount; i++)
        {
            var pass = _passes.Backward(i);
            ConvolutionKernels.Gather(
                pass, new ConvolutionOperands
                {
                    X = gTangent,
                    W = weights,
                    X2 = g,
                    W2 = tangents,
                    Y = xGradientTangent,
                    Mask = mask,
                    Meanwhile = _meanwhile,
                });
            weights += pass.WeightsLength;
            tangents += pass.WeightsLength;
        }
    }

    public override void ClearGradient()
    {
        new Span<float>(_weightGradient, _passes.Forward.WeightsLength).Clear();
        new Span<float>(_biasGradient, _geometry.OutputPixelStride).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddGradient(float* g) => Add(new PatchOperands { X = _x, G = g, Meanwhile = _meanwhile });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddGradientTangent(float* g, float* gTangent) =>
        Add(new PatchOperands { X = _x, G = gTangent, X2 = _xTangent, G2 = g, Meanwhile = _meanwhile });

    public override void AddGradientTo(float* weights, float* bias)
    {
        _passes.AddUnpacked(_weightGradient, weights);
        if (bias == null) return;
        for (int c = 0; c < _geometry.OutputChannels; c++) bias[c] += _biasGradient[c];
    }

    public override void Dispose()
    {
        _passes.Dispose();
        _buffer.Dispose();
    }

    private void Add(in PatchOperands operands)
    {
        ConvolutionKernels.AddWeightGradient(_passes.Forward, operands, _weightGradient);
        if (!_hasBias) return;

        // The ring is zero, so the whole map can be summed as one matrix.
        int side = _geometry.OutputSize + 2;
        RowPacking.SumRows(operands.G, _geometry.OutputPixelStride, side * side, _biasGradient, accumulate: true);
    }
}
