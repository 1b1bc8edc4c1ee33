using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Numerics.Memory;
using D = System.Runtime.Intrinsics.Vector512<double>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>The vector-Jacobian product of the MLP optimizer, tensor by tensor, and its scratch memory.</summary>
/// <remarks>
/// A unit is linear where it is active, so all that a tensor gives to θ's cotangent comes from A[f][j] = Σᵢ ō0ᵢ x_f,ᵢ and B[f][j] = Σᵢ ō1ᵢ
/// x_f,ᵢ over the parameters i for which unit j is active, x_7 = 1: no unit is computed again, and most of it is addition. With d and e the
/// columns of W2, h̄ = d ō0 + e ō1: Σ h̄ x_f = d A[f] + e B[f], and Σ h ō0 = b A[7] + Σ_f W_f A[f].
/// <para>
/// With r = rsqrt(ε + mean (s x)²), an input s·r·x of weight W pulls back to x as s·r·Σⱼ W_j h̄ⱼ (<see cref="MlpInputPullback"/>), plus x
/// times κ = −s³ r³ / n · Σⱼ W_j Σ h̄ⱼ x through the normaliser: that sum is needed for θ's cotangent anyway, so κ costs nothing.
/// </para>
/// </remarks>
internal sealed unsafe class MlpPullback : IDisposable
{
    /// <summary>Parameters whose ō stay in the first-level cache.</summary>
    private const int Block = 512;

    /// <summary>Parameters whose sums are float32; those of more are added up in double.</summary>
    private const int MostInFloat = 8 * Block;

    private const int Lanes = MlpKernels.Lanes;
    private const int Hidden = MlpShape.Hidden;
    private const int Doubles = 8;

    /// <summary>Number of sums of either kind: first A[f], then B[f].</summary>
    private const int Half = MlpActiveSums.Sums / 2;

    private readonly MlpShape _shape;
    private readonly MlpActiveSums _sums = new();
    private readonly AlignedBuffer _outputCotangents = new(2 * Block);
    private readonly AlignedBuffer _correction = new(MlpShape.BaseVectors);
    private readonly AlignedBuffer _tables = new(MlpInputPullback.TablesLength);
    private readonly AlignedBuffer _outputs;
    private readonly int _outputsStride;

    /// <summary>A, then B, over the tensor at hand: [2, 8, 32].</summary>
    private readonly double[] _totals = new double[MlpActiveSums.Sums * Hidden];

    /// <summary>Σ h̄, Σ h ō0, Σ h ō1 over all tensors of the step, [3, 32]: no normaliser of a tensor's own is in them.</summary>
    private readonly double[] _shared = new double[3 * Hidden];

    public MlpPullback(MlpShape shape, int longestTensor)
    {
        _shape = shape;
        _outputsStride = (longestTensor + Lanes - 1) / Lanes * Lanes;
        _outputs = new AlignedBuffer(3L * _outputsStride);
    }

    public void BeginStep() => Array.Clear(_shared);

    /// <summary>What the update left of a tensor, computed again.</summary>
    public MlpOutputs Evaluate(MlpVectors vectors, int n, MlpUnits units, MlpScales scales)
    {
        var outputs = new MlpOutputs(_outputs.Pointer, _outputs.Pointer + _outputsStride, (uint*)(_outputs.Pointer + (2 * _outputsStride)));
        MlpEvaluation.Run(vectors, n, units.Pointer, units.OutputBias, outputs);
        MlpKernels.StepSizes(n, outputs, scales);
        return outputs;
    }

    /// <summary>
    /// Adds a tensor of n parameters to θ's cotangent, as far as it is the tensor's own; <see cref="EndStep"/> adds the rest.
    /// </summary>
    /// <param name="squareSums">Sums of the squares of the base vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Theta(
        float* theta, MlpVectors vectors, float* wCotangent, int n, float* squareSums, MlpUnits units, MlpScales scales, MlpOutputs outputs,
        double* thetaCotangent)
    {
        V direction = V.Zero, magnitude = V.Zero;
        float* first = _outputCotangents.Pointer, second = first + Block;
        Array.Clear(_totals);
        fixed (double* totals = _totals)
        {
            for (int i = 0; i < n; i += Block)
            {
                int count = Math.Min(Block, n - i);
                MlpPullbackKernels.Outputs(wCotangent + i, count, scales, outputs.From(i), first, second, ref direction, ref magnitude);
                _sums.Add(vectors.From(i), count, first, second, outputs.Active + i);
                if (i + count == n || (i + Block) % MostInFloat == 0) _sums.AddTo(totals);
            }

            Combine(units.Pointer, totals);
            VectorWeights(theta, n, units.Normalizers, totals, thetaCotangent);
            TensorWeights(theta, n, units.TensorInputs, squareSums, totals, thetaCotangent);
        }

        thetaCotangent[_shape.Bias2] += VectorMath.Sum(direction);
        thetaCotangent[_shape.Bias2 + 1] += VectorMath.Sum(magnitude);
    }

    /// <summary>The cotangents of g, w and m of the tensor that <see cref="Theta"/> was called for last.</summary>
    public void Inputs(MlpVectors vectors, MlpVectors cotangents, int n, MlpUnits units, MlpScales scales, MlpOutputs outputs)
    {
        MlpInputPullback.Prepare(units.Pointer, _tables.Pointer);
        MlpInputPullback.Run(vectors, cotangents, n, scales, outputs, _tables.Pointer, _correction.Pointer);
    }

    /// <summary>What all tensors share: b1, the rows of W1 for constants and for the step's inputs, W2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void EndStep(ReadOnlySpan<float> inputs, double* thetaCotangent)
    {
        fixed (double* bias = _shared)
        {
            Add(1, bias, thetaCotangent + _shape.Bias1);
            for (int k = 0; k < inputs.Length; k++) Add(inputs[k], bias, thetaCotangent + ((_shape.FirstStepRow + k) * Hidden));
            foreach (var (row, value) in _shape.ConstantRows) Add(value, bias, thetaCotangent + (row * Hidden));
            double* output = thetaCotangent + _shape.Weights2;
            for (int j = 0; j < Hidden; j++)
            {
                output[2 * j] += bias[Hidden + j];
                output[(2 * j) + 1] += bias[(2 * Hidden) + j];
            }
        }
    }

    public void Dispose()
    {
        foreach (var buffer in (ReadOnlySpan<AlignedBuffer>)[_outputCotangents, _correction, _tables, _outputs]) buffer.Dispose();
        _sums.Dispose();
    }

    /// <summary>to += factor · from, 32 numbers.</summary>
    private static void Add(double factor, double* from, double* to)
    {
        var scale = Vector512.Create(factor);
        for (int j = 0; j < Hidden; j += Doubles)
            Vector512.FusedMultiplyAdd(scale, Vector512.Load(from + j), Vector512.Load(to + j)).Store(to + j);
    }

    /// <summary>A becomes Σ h̄ x_f; what all tensors share is added to _shared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(float* units, double* totals)
    {
        fixed (double* shared = _shared)
        {
            for (int j = 0; j < Hidden; j += Doubles)
            {
                D d = DoubleMath.ToDouble(
                    units + (MlpUnits.Direction * Hidden) + j), e = DoubleMath.ToDouble(units + (MlpUnits.Magnitude * Hidden) + j);
                D directions = D.Zero, magnitudes = D.Zero, pulled = D.Zero;
                for (int f = 0; f < Half; f++)
                {
                    double* to = totals + (f * Hidden) + j;
                    D a = Vector512.Load(to), b = Vector512.Load(to + (Half * Hidden));
                    int row = f < MlpShape.BaseVectors ? MlpUnits.Vectors + f : MlpUnits.Bias;
                    D weight = DoubleMath.ToDouble(units + (row * Hidden) + j);
                    directions = Vector512.FusedMultiplyAdd(weight, a, directions);
                    magnitudes = Vector512.FusedMultiplyAdd(weight, b, magnitudes);
                    pulled = Vector512.FusedMultiplyAdd(d, a, e * b);
                    pulled.Store(to);
                }

                (Vector512.Load(shared + j) + pulled).Store(shared + j);
                (Vector512.Load(shared + Hidden + j) + directions).Store(shared + Hidden + j);
                (Vector512.Load(shared + (2 * Hidden) + j) + magnitudes).Store(shared + (2 * Hidden) + j);
            }
        }
    }

    /// <summary>Cotangents of the rows of W1 that multiply base vectors, and κ of each base vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void VectorWeights(float* theta, int n, ReadOnlySpan<float> normalizers, double* totals, double* thetaCotangent)
    {
        var correction = _correction.Span;
        correction.Clear();
        for (int r = 0; r < _shape.VectorRows.Length; r++)
        {
            var (row, vector, scale) = _shape.VectorRows[r];
            double factor = (double)scale * normalizers[r];
            double* s = totals + (vector * Hidden);
            Add(factor, s, thetaCotangent + (row * Hidden));
            correction[vector] -= (float)(factor * factor * factor / n * Pull(theta + (row * Hidden), s));
        }
    }

    /// <summary>
    /// Cotangents of the rows of W1 whose input is the tensor's, and what they add to κ: an input that depends on Σ x² pulls back to x as x
    /// times its slope times Σⱼ W_j Σ h̄ⱼ.
    /// </summary>
    private void TensorWeights(
        float* theta, int n, ReadOnlySpan<float> inputs, float* squareSums, double* totals, double* thetaCotangent)
    {
        double* s = totals + ((Half - 1) * Hidden);
        for (int k = 0; k < inputs.Length; k++)
        {
            int row = (_shape.FirstTensorRow + k) * Hidden;
            Add(inputs[k], s, thetaCotangent + row);
            if (k == MlpShape.BaseVectors) break;
            _correction.Span[k] += (float)(TensorFeatures.Slope(squareSums[k], n) * Pull(theta + row, s));
        }
    }

    /// <summary>Σⱼ W_j s_j over the units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Pull(float* weights, double* s)
    {
        var pull = D.Zero;
        for (int j = 0; j < Hidden; j += Doubles)
            pull = Vector512.FusedMultiplyAdd(DoubleMath.ToDouble(weights + j), Vector512.Load(s + j), pull);
        return DoubleMath.Sum(pull);
    }
}
