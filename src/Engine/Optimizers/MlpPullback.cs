using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers;

/// <summary>The vector-Jacobian product of the MLP optimizer, tensor by tensor, and its scratch memory.</summary>
/// <remarks>
/// Three sweeps over blocks of parameters that stay in the cache: (1) hidden units h and the outputs' cotangents; (2) cotangents of the units, and
/// S[f][j] = Σᵢ h̄ᵢⱼ x_f,ᵢ over the tensor; (3) q_f = Σⱼ W_fj h̄ⱼ, the direct part of the inputs' cotangents.
/// <para>
/// With r = rsqrt(ε + mean (s x)²), an input s·r·x of weight W pulls back to x as s·r·Σⱼ W_j h̄ⱼ, plus x times
/// κ = −s³ r³ / n · Σⱼ W_j S_j through the normaliser. S is needed for θ's cotangent anyway (W̄_j = s·r·S_j), so κ costs nothing.
/// </para>
/// </remarks>
internal sealed unsafe class MlpPullback : IDisposable
{
    private const int Block = MlpEvaluation.Block;
    private const int Sums = MlpPullbackKernels.Sums;
    private const int Lanes = MlpKernels.Lanes;
    private const int Doubles = 8;

    private readonly MlpForm _form;
    private readonly AlignedBuffer _hidden = new(MlpForm.Hidden * Block);
    private readonly AlignedBuffer _outputs = new(2 * Block);
    private readonly AlignedBuffer _sums = new(MlpForm.Hidden * Sums * Lanes);
    private readonly AlignedBuffer _zeros = new(2 * Sums * Lanes);
    private readonly AlignedBuffer _correction = new(MlpForm.BaseVectors);
    private readonly AlignedBuffer _direct;
    private readonly int _directStride;

    /// <summary>The accumulators' totals over the tensor at hand, [10, 32].</summary>
    private readonly double[] _totals = new double[Sums * MlpForm.Hidden];

    /// <summary>Σ h̄, Σ h ō0, Σ h ō1 over all tensors of the step, [3, 32]: no normaliser of a tensor's own is in them.</summary>
    private readonly double[] _shared = new double[3 * MlpForm.Hidden];

    public MlpPullback(MlpForm form, int longestTensor)
    {
        _form = form;

        // Seven rows whose distance is a power of two would share a few sets of the cache: 9 lines past a multiple of 4 kB they do not.
        _directStride = ((longestTensor + 1023) / 1024 * 1024) + (9 * Lanes);
        _direct = new AlignedBuffer((long)_directStride * MlpForm.BaseVectors);
    }

    public void BeginStep() => Array.Clear(_shared);

    /// <summary>One tensor of n parameters. <paramref name="cotangents"/>: w and m in and out, g out; θ's are added to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tensor(float* theta, MlpVectors vectors, MlpVectors cotangents, int n, MlpUnits units, MlpScales scales, double* thetaCotangent)
    {
        V direction = V.Zero, magnitude = V.Zero;
        for (int i = 0; i < n; i += Block)
        {
            int count = Math.Min(Block, n - i);
            var block = vectors.From(i);
            MlpEvaluation.Run(block, count, units.Pointer, units.OutputBias, _hidden.Pointer, _outputs.Pointer);
            MlpPullbackKernels.Outputs(cotangents.W + i, count, scales, _outputs.Pointer, ref direction, ref magnitude);
            float* before = i == 0 ? _zeros.Pointer : _sums.Pointer;
            nint advance = i == 0 ? 0 : 2 * Sums * Lanes;
            MlpPullbackKernels.Accumulate(
                block, count, units.Pointer, _hidden.Pointer, _outputs.Pointer, before, advance, _sums.Pointer);
            MlpPullbackKernels.Direct(count, units.Pointer, _hidden.Pointer, _direct.Pointer + i, _directStride);
        }

        thetaCotangent[_form.Bias2] += VectorMath.Sum(direction);
        thetaCotangent[_form.Bias2 + 1] += VectorMath.Sum(magnitude);
        fixed (double* totals = _totals)
        {
            Total(totals);
            VectorWeights(theta, n, units.Normalizers, totals, thetaCotangent);
        }

        MlpPullbackKernels.Inputs(vectors, cotangents, n, _direct.Pointer, _directStride, _correction.Pointer);
    }

    /// <summary>What all tensors share: b1, the rows of W1 for constants and time, W2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void EndStep(ReadOnlySpan<float> time, double* thetaCotangent)
    {
        fixed (double* bias = _shared)
        {
            Add(1, bias, thetaCotangent + _form.Bias1);
            for (int k = 0; k < time.Length; k++) Add(time[k], bias, thetaCotangent + ((_form.FirstTimeRow + k) * MlpForm.Hidden));
            foreach (var (row, value) in _form.ConstantRows) Add(value, bias, thetaCotangent + (row * MlpForm.Hidden));
            double* output = thetaCotangent + _form.Weights2;
            for (int j = 0; j < MlpForm.Hidden; j++)
            {
                output[2 * j] += bias[MlpForm.Hidden + j];
                output[(2 * j) + 1] += bias[(2 * MlpForm.Hidden) + j];
            }
        }
    }

    public void Dispose()
    {
        _hidden.Dispose();
        _outputs.Dispose();
        _sums.Dispose();
        _zeros.Dispose();
        _correction.Dispose();
        _direct.Dispose();
    }

    /// <summary>to += factor · from, 32 numbers.</summary>
    private static void Add(double factor, double* from, double* to)
    {
        var scale = Vector512.Create(factor);
        for (int j = 0; j < MlpForm.Hidden; j += Doubles)
            Vector512.FusedMultiplyAdd(scale, Vector512.Load(from + j), Vector512.Load(to + j)).Store(to + j);
    }

    /// <summary>The accumulators summed over their lanes, and from there what all tensors share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Total(double* totals)
    {
        const int Unit = Sums * Lanes;
        for (int f = 0; f < Sums; f++)
        {
            float* s = _sums.Pointer + (f * Lanes);
            for (int j = 0; j < MlpForm.Hidden; j += 4, s += 4 * Unit)
            {
                MlpPullbackKernels.SumFour(Vector512.Load(s), Vector512.Load(s + Unit), Vector512.Load(s + (2 * Unit)), Vector512.Load(s + (3 * Unit)))
                    .Store(totals + (f * MlpForm.Hidden) + j);
            }
        }

        fixed (double* shared = _shared)
            for (int row = 0; row < 3; row++) Add(1, totals + ((MlpPullbackKernels.SumBias + row) * MlpForm.Hidden), shared + (row * MlpForm.Hidden));
    }

    /// <summary>Cotangents of the rows of W1 that multiply base vectors, and κ of each base vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void VectorWeights(float* theta, int n, ReadOnlySpan<float> normalizers, double* totals, double* thetaCotangent)
    {
        var correction = _correction.Span;
        correction.Clear();
        for (int r = 0; r < _form.VectorRows.Length; r++)
        {
            var (row, vector, scale) = _form.VectorRows[r];
            double factor = (double)scale * normalizers[r];
            double* s = totals + (vector * MlpForm.Hidden);
            float* weights = theta + (row * MlpForm.Hidden);
            Add(factor, s, thetaCotangent + (row * MlpForm.Hidden));
            var pull = Vector512<double>.Zero;
            for (int j = 0; j < MlpForm.Hidden; j += Doubles)
            {
                var eight = Vector256.Load(weights + j);
                pull = Vector512.FusedMultiplyAdd(Vector512.Create(Vector256.WidenLower(eight), Vector256.WidenUpper(eight)), Vector512.Load(s + j), pull);
            }

            correction[vector] -= (float)(factor * factor * factor / n * DoubleMath.Sum(pull));
        }
    }
}
