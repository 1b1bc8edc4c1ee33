using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>Softmax cross-entropy of a whole minibatch: ℓ = mean over rows of ln Σ_c exp z[c] - z[label], in nats, and its derivatives.</summary>
/// <remarks>
/// Matrices are [rows, <see cref="Stride"/>], aligned or not. What the padding columns hold on entry does not matter; those of a result are 0.
/// Logarithms and reciprocals of the rows' sums are taken sixteen rows at a time. Not finite where a logit is not.
/// One slot's; a call of <see cref="Loss"/> comes before each of the derivatives.
/// </remarks>
internal sealed unsafe class SoftmaxBatch : IDisposable
{
    private const int Width = 16;
    private readonly int _classes;
    private readonly int _last;
    private readonly V _lastMask;
    private readonly AlignedBuffer _scratch;
    private readonly float* _sums;
    private readonly float* _labelLogits;
    private readonly int _maxRows;

    public SoftmaxBatch(int classes, int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        _classes = classes;
        _maxRows = maxRows;
        Stride = RowPacking.Stride(classes);
        _last = Stride - Width;
        _lastMask = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(classes - _last)).AsSingle();
        int rows = RowPacking.Stride(maxRows);
        _scratch = new AlignedBuffer(2 * rows);
        _sums = _scratch.Pointer;
        _labelLogits = _sums + rows;
    }

    /// <summary>Floats from one row to the next: the classes, rounded up to whole vectors.</summary>
    public int Stride { get; }

    /// <summary>ℓ; <paramref name="logits"/> are replaced by exp(z - max z), which the derivatives start from.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A label is not a class number.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Loss(float* logits, ReadOnlySpan<int> labels)
    {
        int rows = labels.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, _maxRows);
        float* z = logits;
        for (int r = 0; r < rows; r++, z += Stride)
        {
            if ((uint)labels[r] >= (uint)_classes)
                throw new ArgumentOutOfRangeException(nameof(labels), labels[r], $"A label is a class number, 0 to {_classes - 1}.");
            float label = z[labels[r]];
            var last = Vector512.ConditionalSelect(_lastMask, Vector512.Load(z + _last), Vector512.Create(float.NegativeInfinity));
            var greatest = last;
            for (int c = 0; c < _last; c += Width) greatest = Vector512.MaxNative(Vector512.Load(z + c), greatest);
            float max = VectorMath.Max(greatest);
            var shift = Vector512.Create(max);
            var sum = VectorMath.Exp(last - shift);
            sum.Store(z + _last);
            for (int c = 0; c < _last; c += Width)
            {
                var e = VectorMath.Exp(Vector512.Load(z + c) - shift);
                e.Store(z + c);
                sum += e;
            }

            _sums[r] = VectorMath.Sum(sum);
            _labelLogits[r] = label - max;
        }

        double loss = 0;
        float* logs = stackalloc float[Width];
        for (int first = 0; first < rows; first += Width)
        {
            var sum = Vector512.Load(_sums + first);
            VectorMath.Log(sum).Store(logs);
            (V.One / sum).Store(_sums + first);
            int count = Math.Min(rows - first, Width);
            for (int i = 0; i < count; i++) loss += (double)logs[i] - _labelLogits[first + i];
        }

        return loss / rows;
    }

    /// <summary>δ = ∂ℓ/∂z = (p - one-hot) / B in place of the exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Delta(float* exponentials, ReadOnlySpan<int> labels)
    {
        float share = 1f / labels.Length;
        float* e = exponentials;
        for (int r = 0; r < labels.Length; r++, e += Stride)
        {
            var scale = Vector512.Create(_sums[r] * share);
            for (int c = 0; c < _last; c += Width) (Vector512.Load(e + c) * scale).Store(e + c);
            (Vector512.Load(e + _last) * scale & _lastMask).Store(e + _last);
            e[labels[r]] -= share;
        }
    }

    /// <summary>δ as <see cref="Delta"/>, and its tangent Rδ = p (Rz - Σ_c p Rz) / B in place of <paramref name="tangents"/> Rz.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void DeltaWithTangent(float* exponentials, float* tangents, ReadOnlySpan<int> labels)
    {
        float share = 1f / labels.Length;
        float* e = exponentials;
        float* t = tangents;
        for (int r = 0; r < labels.Length; r++, e += Stride, t += Stride)
        {
            var reciprocal = Vector512.Create(_sums[r]);
            var scale = Vector512.Create(_sums[r] * share);
            var lastExponential = Vector512.Load(e + _last);
            var lastTangent = Vector512.Load(t + _last) & _lastMask;
            var products = lastExponential * lastTangent;
            for (int c = 0; c < _last; c += Width)
                products = Vector512.FusedMultiplyAdd(Vector512.Load(e + c), Vector512.Load(t + c), products);
            var mean = Vector512.Create(VectorMath.Sum(products)) * reciprocal;
            for (int c = 0; c < _last; c += Width)
            {
                var delta = Vector512.Load(e + c) * scale;
                (delta * (Vector512.Load(t + c) - mean)).Store(t + c);
                delta.Store(e + c);
            }

            var lastDelta = lastExponential * scale & _lastMask;
            (lastDelta * (lastTangent - mean) & _lastMask).Store(t + _last);
            lastDelta.Store(e + _last);
            e[labels[r]] -= share;
        }
    }

    public void Dispose() => _scratch.Dispose();
}
