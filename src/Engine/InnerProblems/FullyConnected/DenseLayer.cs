using System.Runtime.CompilerServices;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.InnerProblems.FullyConnected;

/// <summary>Layer z = xW + b of a <see cref="FullyConnectedProblem"/>: the place of its tensors, and its scratch memory.</summary>
/// <remarks>
/// Rows of matrices are padded to <see cref="Stride"/> floats. Weights whose rows are already whole vectors are used in place; others
/// (above all those of the ten classes) are copied once per call. V is the direction of W, Rq the derivative of any q in that direction.
/// </remarks>
internal sealed unsafe class DenseLayer : IDisposable
{
    private readonly AlignedBuffer _buffer;
    private readonly float* _ownValues;
    private readonly float* _ownDeltas;
    private readonly float* _paddedWeights;
    private readonly float* _paddedTangents;
    private readonly float* _paddedGradient;
    private readonly float* _transposedWeights;
    private readonly float* _transposedTangents;

    /// <param name="isFirst">Whether this is the first layer, which propagates nothing to its input.</param>
    public DenseLayer(ParameterTensor weights, ParameterTensor bias, int maxRows, bool isFirst)
    {
        Inputs = weights.Shape[0];
        Outputs = weights.Shape[1];
        Stride = RowPacking.Stride(Outputs);
        InputStride = RowPacking.Stride(Inputs);
        WeightsOffset = weights.Offset;
        BiasOffset = bias.Offset;
        WeightsEnd = weights.Offset + weights.Length;
        long values = (long)maxRows * Stride;
        long padded = IsPadded ? (long)Inputs * Stride : 0;
        long transposed = isFirst ? 0 : (long)Outputs * InputStride;
        _buffer = new AlignedBuffer((4 * values) + (3 * padded) + (2 * transposed));
        Values = _ownValues = _buffer.Pointer;
        Tangents = _ownValues + values;
        Deltas = _ownDeltas = Tangents + values;
        DeltaTangents = _ownDeltas + values;
        _paddedWeights = DeltaTangents + values;
        _paddedTangents = _paddedWeights + padded;
        _paddedGradient = _paddedTangents + padded;
        _transposedWeights = _paddedGradient + padded;
        _transposedTangents = _transposedWeights + transposed;
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Floats from one row of this layer's matrices to the next.</summary>
    public int Stride { get; }

    /// <summary>Floats from one row of its input to the next, if that is another layer's output.</summary>
    public int InputStride { get; }

    public int BiasOffset { get; }

    /// <summary>Activations [B, Stride]; logits in the last layer.</summary>
    public float* Values { get; private set; }

    /// <summary>Tangents R of <see cref="Values"/>.</summary>
    public float* Tangents { get; }

    /// <summary>Gradients δ = ∂ℓ/∂z, [B, Stride].</summary>
    public float* Deltas { get; private set; }

    /// <summary>Tangents R of <see cref="Deltas"/>.</summary>
    public float* DeltaTangents { get; }

    private int WeightsOffset { get; }

    private int WeightsEnd { get; }

    private bool IsPadded => Stride != Outputs;

    /// <summary>Sets the memory of values and deltas until the next call; null: the layer's own memory.</summary>
    public void Place(float* values, float* deltas)
    {
        Values = values == null ? _ownValues : values;
        Deltas = deltas == null ? _ownDeltas : deltas;
    }

    /// <summary>Weights W of a parameter vector, with rows of <see cref="Stride"/> floats, valid until the next call.</summary>
    public float* Weights(float* w) => Rows(w, _paddedWeights);

    /// <summary>Weights V of the direction v, with rows of <see cref="Stride"/> floats, in separate memory.</summary>
    public float* WeightTangents(float* v) => Rows(v, _paddedTangents);

    /// <summary>Transposed weights Wᵀ, [Outputs, InputStride].</summary>
    public float* TransposedWeights(float* w)
    {
        Transposition.Transpose(w + WeightsOffset, Outputs, Inputs, Outputs, _transposedWeights, InputStride);
        return _transposedWeights;
    }

    /// <summary>Transposed weights Vᵀ of the direction v.</summary>
    public float* TransposedWeightTangents(float* v)
    {
        Transposition.Transpose(v + WeightsOffset, Outputs, Inputs, Outputs, _transposedTangents, InputStride);
        return _transposedTangents;
    }

    /// <summary>Product z = xW + b; given V and Rb instead, the terms of Rz without (Rx) W.</summary>
    public DenseProduct Forward(int rows, float* x, nint xStride, float* weights, float* bias) => new()
    {
        Rows = rows,
        Depth = Inputs,
        Columns = Stride,
        A = x,
        ARowStride = xStride,
        ADepthStride = 1,
        B = weights,
        BStride = Stride,
        C = Values,
        CStride = Stride,
        Bias = bias,
    };

    /// <summary>Product δ Wᵀ that gives δ of the layer below, where its activation is positive.</summary>
    public DenseProduct Backward(DenseLayer below, int rows, float* delta, float* transposed, float* result) => new()
    {
        Rows = rows,
        Depth = Outputs,
        Columns = below.Stride,
        A = delta,
        ARowStride = Stride,
        ADepthStride = 1,
        B = transposed,
        BStride = below.Stride,
        C = result,
        CStride = below.Stride,
        Mask = below.Values,
    };

    /// <summary>
    /// Computes the gradients of W, xᵀδ (+ x₂ᵀδ₂), and of b, the sum of <paramref name="delta"/>'s rows; writes or adds them to <paramref
    /// name="result"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WeightGradient(
        int rows, float* x, float* x2, nint xStride, float* delta, float* delta2, float* result, bool accumulate)
    {
        float* weights = result + WeightsOffset;
        DenseKernels.Multiply(new DenseProduct
        {
            Rows = Inputs,
            Depth = rows,
            Columns = Stride,
            A = x,
            A2 = x2,
            ARowStride = 1,
            ADepthStride = xStride,
            B = delta,
            B2 = delta2,
            BStride = Stride,
            C = IsPadded ? _paddedGradient : weights,
            CStride = Stride,
            Accumulate = accumulate && !IsPadded,
        });
        if (IsPadded) RowPacking.Unpad(_paddedGradient, Stride, Inputs, Outputs, weights, accumulate);
        for (float* padding = result + WeightsEnd; !accumulate && padding < result + BiasOffset; padding++) *padding = 0;
        RowPacking.SumRows(delta, Stride, rows, result + BiasOffset, accumulate);
    }

    public void Dispose() => _buffer.Dispose();

    private float* Rows(float* parameters, float* padded)
    {
        if (!IsPadded) return parameters + WeightsOffset;
        RowPacking.Pad(parameters + WeightsOffset, Inputs, Outputs, padded, Stride);
        return padded;
    }
}
