using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.InnerProblems.FullyConnected;
using LoptCluster.Engine.Numerics.Convolution;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Parameters;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>
/// Head of a convnet: global average pool, linear layer and softmax cross-entropy, from an image's last map to its loss, and back.
/// </summary>
/// <remarks>
/// Works on one image at a time; stores the pooled values and δ = ∂ℓ/∂logits of all images for the gradient of the linear layer.
/// </remarks>
internal sealed unsafe class ConvnetHead : IDisposable
{
    private readonly ConvolutionGeometry _last;
    private readonly DenseLayer _linear;
    private readonly SoftmaxBatch _softmax;
    private readonly AlignedBuffer _buffer;
    private readonly Maps _pooled;
    private readonly Maps _pooledTangents;
    private readonly float* _pooledGradient;
    private readonly float _mean;
    private float* _w;
    private float* _v;
    private float* _weights;
    private float* _weightTangents;
    private float* _transposed;
    private float* _transposedTangents;

    public ConvnetHead(ParameterTensor weights, ParameterTensor bias, ConvolutionGeometry last, int maxMinibatch)
    {
        _last = last;
        _linear = new DenseLayer(weights, bias, maxMinibatch, isFirst: false);
        _softmax = new SoftmaxBatch(_linear.Outputs);
        int stride = last.OutputPixelStride;
        _buffer = new AlignedBuffer(((2L * maxMinibatch) + 1) * stride);
        _pooled = new Maps(_buffer.Pointer, stride);
        _pooledTangents = new Maps(_pooled[maxMinibatch], stride);
        _pooledGradient = _pooledTangents[maxMinibatch];
        _mean = 1f / (last.OutputSize * last.OutputSize);
    }

    public void Load(float* w, float* v, bool backward)
    {
        _w = w;
        _v = v;
        _weights = _linear.Weights(w);
        if (backward) _transposed = _linear.TransposedWeights(w);
        if (v == null) return;
        _weightTangents = _linear.WeightTangents(v);
        _transposedTangents = _linear.TransposedWeightTangents(v);
    }

    /// <summary>Loss of image n, computed from its last map.</summary>
    public double Loss(int n, float* map, int label)
    {
        Forward(n, map);
        return _softmax.Loss(Logits(n), new ReadOnlySpan<int>(in label));
    }

    /// <summary>Share of images whose largest logit is that of their label, after the losses of them all.</summary>
    public double Accuracy(ReadOnlySpan<int> labels) => _softmax.Accuracy(Logits(0), labels);

    /// <summary>
    /// Loss of image n, and the gradient of <paramref name="share"/> × loss with respect to its last map, where that map is positive.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double LossAndGradient(int n, float* map, int label, float share, float* gradient)
    {
        float* delta = Logits(n);
        Forward(n, map);
        double loss = _softmax.LossAndDelta(delta, new ReadOnlySpan<int>(in label));
        Scale(delta, share, _linear.Stride);
        SpreadBack(delta, _transposed, null, null, map, gradient);
        return loss;
    }

    /// <summary>Computes the gradient of <see cref="LossAndGradient"/> and its R (derivative in the direction v).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void GradientAndTangent(int n, float* map, float* mapTangent, int label, float share, float* gradient, float* gradientTangent)
    {
        float* delta = Logits(n);
        float* tangent = _linear.Tangents + ((nint)n * _linear.Stride);
        Forward(n, map);
        Pool(mapTangent, _pooledTangents[n]);
        Multiply(
            _pooled[n], _weightTangents, _pooledTangents[n], _weights, _v + _linear.BiasOffset, tangent, _linear.Inputs, _linear.Stride);
        _softmax.LossAndDeltaWithTangent(delta, tangent, new ReadOnlySpan<int>(in label));
        Scale(delta, share, _linear.Stride);
        Scale(tangent, share, _linear.Stride);
        SpreadBack(delta, _transposed, null, null, map, gradient);
        SpreadBack(tangent, _transposed, delta, _transposedTangents, map, gradientTangent);
    }

    /// <summary>Adds the gradient of the linear layer, after the backward pass of the first <paramref name="rows"/> images.</summary>
    public void AddGradientTo(float* result, int rows) =>
        _linear.WeightGradient(rows, _pooled[0], null, _last.OutputPixelStride, Logits(0), null, result, accumulate: true);

    /// <summary>Adds R of the gradient of the linear layer.</summary>
    public void AddGradientTangentTo(float* result, int rows) => _linear.WeightGradient(
        rows, _pooled[0], _pooledTangents[0], _last.OutputPixelStride, _linear.Tangents, Logits(0), result, accumulate: true);

    public void Dispose()
    {
        _linear.Dispose();
        _softmax.Dispose();
        _buffer.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(int n, float* map)
    {
        Pool(map, _pooled[n]);
        Multiply(_pooled[n], _weights, null, null, _w + _linear.BiasOffset, Logits(n), _linear.Inputs, _linear.Stride);
    }

    private float* Logits(int n) => _linear.Values + ((nint)n * _linear.Stride);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pool(float* map, float* pooled)
    {
        // The ring is zero, so the whole map can be summed as one matrix.
        int side = _last.OutputSize + 2;
        RowPacking.SumRows(map, _last.OutputPixelStride, side * side, pooled, accumulate: false);
        Scale(pooled, _mean, _last.OutputPixelStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SpreadBack(float* delta, float* transposed, float* delta2, float* transposed2, float* map, float* gradient)
    {
        int stride = _last.OutputPixelStride;
        Multiply(delta, transposed, delta2, transposed2, null, _pooledGradient, _linear.Outputs, stride);
        Scale(_pooledGradient, _mean, stride);
        Spread(_pooledGradient, map, gradient);
    }

    /// <summary>gradient[pixel, c] = pooled[c] where map[pixel, c] is positive, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Spread(float* pooled, float* map, float* gradient)
    {
        int stride = _last.OutputPixelStride;
        for (int row = 0; row < _last.OutputSize; row++)
        {
            int begin = _last.OutputOffset(row, 0), end = begin + (_last.OutputSize * stride);
            for (int c = 0; c < stride; c += 16)
            {
                var value = Vector512.Load(pooled + c);
                for (int i = begin + c; i < end; i += stride)
                    (value & Vector512.GreaterThan(Vector512.Load(map + i), V.Zero)).Store(gradient + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(float* x, float* w, float* x2, float* w2, float* bias, float* y, int depth, int columns) =>
        DenseKernels.Multiply(new DenseProduct
        {
            Rows = 1,
            Depth = depth,
            Columns = columns,
            A = x,
            A2 = x2,
            ARowStride = depth,
            ADepthStride = 1,
            B = w,
            B2 = w2,
            BStride = columns,
            C = y,
            CStride = columns,
            Bias = bias,
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(float* x, float factor, int length)
    {
        for (int i = 0; i < length; i += 16) (Vector512.Load(x + i) * factor).Store(x + i);
    }
}
