using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Numerics;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers;

/// <summary>The learned optimizer of App. D.1: an MLP with one hidden layer of 32, applied to each inner-parameter alone.</summary>
/// <remarks>
/// m_β ← β m_β + (1 − β) g, five decays; inputs g, m, w, each times rsqrt(1e-5 + mean of its square over the tensor), and nine of time;
/// o = W2ᵀ relu(W1ᵀ x + b1) + b2; w ← w − λ_lin · o[0] · exp(λ_exp · o[1]). The exponent is not bounded.
/// Normalisers are folded into W1 once a tensor, time into the bias once a step; then one fused kernel does a tensor.
/// </remarks>
internal sealed unsafe class MlpOptimizer : ILearnedOptimizer
{
    private readonly MlpForm _form;
    private readonly ParameterLayout _layout;
    private readonly MlpScales _scales;
    private readonly AlignedBuffer _units = new(MlpKernels.UnitLength * MlpForm.Hidden);
    private readonly AlignedBuffer _baseBias = new(MlpForm.Hidden);
    private readonly MlpPullback _pullback;
    private readonly float[] _time = new float[MlpForm.Timescales.Length];
    private readonly float[] _normalizers;

    public MlpOptimizer(MlpForm form, ParameterLayout layout, double stepScale, double exponentScale)
    {
        _form = form;
        _layout = layout;
        _scales = new MlpScales((float)stepScale, (float)exponentScale);
        _normalizers = new float[form.VectorRows.Length];
        _pullback = new MlpPullback(form, layout.Tensors.Max(t => t.Length));
    }

    public int ThetaLength => _form.ThetaLength;

    public int StateVectors => MlpForm.Momenta;

    public void InitializeTheta(ref RandomStream random, Span<float> theta) => MlpInitialization.Fill(_form, ref random, theta);

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        PrepareStep(theta, t);
        fixed (float* gs = g, ws = w, ms = m)
        {
            foreach (var tensor in _layout.Tensors)
            {
                var vectors = new MlpVectors(gs + tensor.Offset, ws + tensor.Offset, ms + tensor.Offset, _layout.PaddedLength);
                MlpKernels.UpdateMomenta(vectors, tensor.Length, _pullback.SquareSums);
                PrepareTensor(theta, tensor.Length);
                MlpKernels.Apply(vectors, tensor.Length, _units.Pointer, Bias2(theta), _scales);
            }
        }
    }

    public void VectorJacobianProduct(
        ReadOnlySpan<float> theta,
        long t,
        ReadOnlySpan<float> g,
        ReadOnlySpan<float> w,
        ReadOnlySpan<float> m,
        ReadOnlySpan<float> mNext,
        Span<float> wCotangent,
        Span<float> mCotangent,
        Span<float> gCotangent,
        Span<double> thetaCotangent)
    {
        PrepareStep(theta, t);
        fixed (float* gs = g, ws = w, ms = mNext, wc = wCotangent, mc = mCotangent, gc = gCotangent)
        {
            foreach (var tensor in _layout.Tensors)
            {
                var vectors = new MlpVectors(gs + tensor.Offset, ws + tensor.Offset, ms + tensor.Offset, _layout.PaddedLength);
                var cotangents = new MlpVectors(gc + tensor.Offset, wc + tensor.Offset, mc + tensor.Offset, _layout.PaddedLength);
                MlpKernels.SumSquares(vectors, tensor.Length, _pullback.SquareSums);
                PrepareTensor(theta, tensor.Length);
                _pullback.Run(theta, vectors, cotangents, tensor.Length, _units.Pointer, Bias2(theta), _scales, _normalizers, _time, thetaCotangent);
            }
        }
    }

    public void Dispose()
    {
        _units.Dispose();
        _baseBias.Dispose();
        _pullback.Dispose();
    }

    private (float Direction, float Magnitude) Bias2(ReadOnlySpan<float> theta) => (theta[_form.Bias2], theta[_form.Bias2 + 1]);

    /// <summary>b1 + the inputs that are the same for all parameters of a step: time, constants.</summary>
    private void PrepareStep(ReadOnlySpan<float> theta, long t)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, ThetaLength);
        TimeFeatures.Fill(t, _time);
        var bias = _baseBias.Span;
        theta.Slice(_form.Bias1, MlpForm.Hidden).CopyTo(bias);
        for (int k = 0; k < _time.Length; k++) VectorKernels.AddScaled(_time[k], Row(theta, _form.FirstTimeRow + k), bias);
        foreach (var (row, value) in _form.ConstantRows) VectorKernels.AddScaled(value, Row(theta, row), bias);
    }

    /// <summary>Seven effective weights, the bias and the two output weights of each hidden unit, one unit after the other.</summary>
    private void PrepareTensor(ReadOnlySpan<float> theta, int length)
    {
        var units = _units.Span;
        units.Clear();
        for (int r = 0; r < _normalizers.Length; r++)
        {
            var (row, vector, scale) = _form.VectorRows[r];
            float meanSquare = _pullback.SquareSums[vector] / length;
            _normalizers[r] = 1f / MathF.Sqrt(MlpForm.NormalizerEpsilon + (scale * scale * meanSquare));
            float factor = scale * _normalizers[r];
            var weights = Row(theta, row);
            for (int j = 0; j < MlpForm.Hidden; j++) units[(j * MlpKernels.UnitLength) + MlpKernels.UnitWeights + vector] += weights[j] * factor;
        }

        var bias = _baseBias.Span;
        var output = theta.Slice(_form.Weights2, 2 * MlpForm.Hidden);
        for (int j = 0; j < MlpForm.Hidden; j++)
        {
            var unit = units.Slice(j * MlpKernels.UnitLength, MlpKernels.UnitLength);
            unit[MlpKernels.UnitBias] = bias[j];
            unit[MlpKernels.UnitDirection] = output[2 * j];
            unit[MlpKernels.UnitMagnitude] = output[(2 * j) + 1];
        }
    }

    private static ReadOnlySpan<float> Row(ReadOnlySpan<float> theta, int row) => theta.Slice(row * MlpForm.Hidden, MlpForm.Hidden);
}
