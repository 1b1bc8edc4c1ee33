using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Numerics.Memory;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>
/// Softmax cross-entropy of a whole minibatch: ℓ = mean over rows of ln Σ_c exp z[c] - z[label], in nats, and its derivatives.
/// </summary>
/// <remarks>
/// Symbols: z are logits, p = softmax z, Rz the derivative of z in the direction v. Matrices are [rows, <see cref="Stride"/>]. Sixteen rows
/// are transposed at a time, so that a vector holds one class of sixteen examples and no sum or maximum runs across a vector. Columns past
/// the classes are ignored on entry and 0 in results. Rows are independent of each other (with fewer than sixteen, the other lanes keep
/// earlier values); the loss is not finite if a logit is not.
/// </remarks>
internal sealed unsafe class SoftmaxBatch : IDisposable
{
    private const int Width = VectorMath.Lanes;
    private readonly int _classes;
    private readonly AlignedBuffer _scratch;
    private readonly float* _logits;
    private readonly float* _tangents;

    public SoftmaxBatch(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        _classes = classes;
        Stride = RowPacking.Stride(classes);
        // Two matrices [Stride, 16]. Rows past the classes stay 0, and so do the padding columns of results.
        _scratch = new AlignedBuffer(2L * Stride * Width);
        _logits = _scratch.Pointer;
        _tangents = _logits + ((long)Stride * Width);
    }

    /// <summary>Floats from one row to the next: the classes, rounded up to whole vectors.</summary>
    public int Stride { get; }

    /// <summary>Computes the loss ℓ; <paramref name="logits"/> are only read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A label is not a class number.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Loss(float* logits, ReadOnlySpan<int> labels)
    {
        double loss = 0;
        for (int first = 0; first < labels.Length; first += Width)
            Exponentials(logits + (first * (nint)Stride), Group(labels, first), ref loss);
        return loss / labels.Length;
    }

    /// <summary>
    /// Share of rows whose largest logit is that of their label: of equal ones the first counts, and none of a row with a NaN.
    /// </summary>
    public double Accuracy(float* logits, ReadOnlySpan<int> labels)
    {
        int right = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            if (IsLargest(labels[row], new ReadOnlySpan<float>(logits + (row * (nint)Stride), _classes))) right++;
        }

        return (double)right / labels.Length;
    }

    /// <summary>Computes ℓ, and replaces the logits by δ = ∂ℓ/∂z = (p - one-hot) / B.</summary>
    /// <inheritdoc cref="Loss" path="/exception"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double LossAndDelta(float* logits, ReadOnlySpan<int> labels)
    {
        double loss = 0;
        float share = 1f / labels.Length;
        for (int first = 0; first < labels.Length; first += Width)
        {
            var group = Group(labels, first);
            float* z = logits + (first * (nint)Stride);
            var scale = Exponentials(z, group, ref loss) * share;
            for (float* p = _logits; p < _logits + (_classes * Width); p += Width) (Vector512.Load(p) * scale).Store(p);
            Transposition.Transpose(_logits, Width, Stride, group.Length, z, Stride);
            SubtractLabels(z, group, share);
        }

        return loss / labels.Length;
    }

    /// <summary>
    /// Computes ℓ and δ as <see cref="LossAndDelta"/>, and replaces Rz in <paramref name="tangents"/> by Rδ = p (Rz - Σ_c p Rz) / B.
    /// </summary>
    /// <inheritdoc cref="Loss" path="/exception"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double LossAndDeltaWithTangent(float* logits, float* tangents, ReadOnlySpan<int> labels)
    {
        double loss = 0;
        float share = 1f / labels.Length;
        for (int first = 0; first < labels.Length; first += Width)
        {
            var group = Group(labels, first);
            float* z = logits + (first * (nint)Stride);
            float* rz = tangents + (first * (nint)Stride);
            var reciprocal = Exponentials(z, group, ref loss);
            Transposition.Transpose(rz, Stride, group.Length, _classes, _tangents, Width);
            var sum = V.Zero;
            for (int i = 0; i < _classes * Width; i += Width)
                sum = Vector512.FusedMultiplyAdd(Vector512.Load(_logits + i), Vector512.Load(_tangents + i), sum);
            var mean = sum * reciprocal;
            var scale = reciprocal * share;
            for (int i = 0; i < _classes * Width; i += Width)
            {
                var scaled = Vector512.Load(_logits + i) * scale;
                scaled.Store(_logits + i);
                ((Vector512.Load(_tangents + i) - mean) * scaled).Store(_tangents + i);
            }

            Transposition.Transpose(_logits, Width, Stride, group.Length, z, Stride);
            Transposition.Transpose(_tangents, Width, Stride, group.Length, rz, Stride);
            SubtractLabels(z, group, share);
        }

        return loss / labels.Length;
    }

    public void Dispose() => _scratch.Dispose();

    private static bool IsLargest(int label, ReadOnlySpan<float> z)
    {
        for (int c = 0; c < z.Length; c++)
        {
            if (!(z[label] > z[c] || (z[label] == z[c] && label <= c))) return false;
        }

        return true;
    }

    private static ReadOnlySpan<int> Group(ReadOnlySpan<int> labels, int first) =>
        labels.Slice(first, Math.Min(Width, labels.Length - first));

    /// <summary>Sets _logits to exp(z - max z), transposed, and adds the losses of the sixteen rows.</summary>
    /// <returns>Factor 1 / Σ_c exp(z - max z) of each row.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private V Exponentials(float* z, ReadOnlySpan<int> labels, ref double loss)
    {
        Transposition.Transpose(z, Stride, labels.Length, _classes, _logits, Width);
        float* end = _logits + (_classes * Width);
        var max = Vector512.Load(_logits);
        for (float* p = _logits + Width; p < end; p += Width) max = Vector512.MaxNative(max, Vector512.Load(p));
        var sum = V.Zero;
        for (float* p = _logits; p < end; p += Width)
        {
            var e = VectorMath.Exp(Vector512.Load(p) - max);
            e.Store(p);
            sum += e;
        }

        float* logs = stackalloc float[2 * Width];
        VectorMath.Log(sum).Store(logs);
        max.Store(logs + Width);
        for (int i = 0; i < labels.Length; i++)
        {
            int label = labels[i];
            if ((uint)label >= (uint)_classes)
                throw new ArgumentOutOfRangeException(nameof(labels), label, $"The label is not a class number, 0 to {_classes - 1}.");
            // Double, so that a loss much smaller than its logits keeps its precision.
            loss += logs[i] + ((double)logs[Width + i] - z[(i * (nint)Stride) + label]);
        }

        return V.One / sum;
    }

    private void SubtractLabels(float* delta, ReadOnlySpan<int> labels, float share)
    {
        for (int i = 0; i < labels.Length; i++) delta[(i * (nint)Stride) + labels[i]] -= share;
    }
}
