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
    private readonly MlpUnits _units;
    private readonly MlpPullback _pullback;
    private readonly AlignedBuffer _squareSums = new(MlpForm.BaseVectors);
    private readonly AlignedBuffer _outputs = new(2 * MlpEvaluation.Block);
    private readonly float[] _time = new float[MlpForm.Timescales.Length];

    public MlpOptimizer(MlpForm form, ParameterLayout layout, double stepScale, double exponentScale)
    {
        _form = form;
        _layout = layout;
        _scales = new MlpScales((float)stepScale, (float)exponentScale);
        _units = new MlpUnits(form);
        _pullback = new MlpPullback(form, layout.Tensors.Max(t => t.Length));
    }

    public int ThetaLength => _form.ThetaLength;

    public int StateVectors => MlpForm.Momenta;

    public void InitializeTheta(ref RandomStream random, Span<float> theta) => MlpInitialization.Fill(_form, ref random, theta);

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, _layout, theta, g, w, m);
        TimeFeatures.Fill(t, _time);
        fixed (float* thetas = theta, gs = g, ws = w, ms = m)
        {
            _units.PrepareStep(thetas, _time);
            foreach (var tensor in _layout.Tensors)
            {
                var vectors = new MlpVectors(gs + tensor.Offset, ws + tensor.Offset, ms + tensor.Offset, _layout.PaddedLength);
                MlpKernels.UpdateMomenta(vectors, tensor.Length, _squareSums.Pointer);
                _units.PrepareTensor(thetas, _squareSums.Pointer, tensor.Length);
                Apply(vectors, tensor.Length);
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
        UpdateLengths.Check(this, _layout, theta, g, w, mNext);
        UpdateLengths.Check<double>(this, _layout, thetaCotangent, gCotangent, wCotangent, mCotangent);
        TimeFeatures.Fill(t, _time);
        fixed (float* thetas = theta, gs = g, ws = w, ms = mNext, wc = wCotangent, mc = mCotangent, gc = gCotangent)
        fixed (double* thetaBar = thetaCotangent)
        {
            _units.PrepareStep(thetas, _time);
            _pullback.BeginStep();
            foreach (var tensor in _layout.Tensors)
            {
                var vectors = new MlpVectors(gs + tensor.Offset, ws + tensor.Offset, ms + tensor.Offset, _layout.PaddedLength);
                var cotangents = new MlpVectors(gc + tensor.Offset, wc + tensor.Offset, mc + tensor.Offset, _layout.PaddedLength);
                MlpKernels.SumSquares(vectors, tensor.Length, _squareSums.Pointer);
                _units.PrepareTensor(thetas, _squareSums.Pointer, tensor.Length);
                _pullback.Tensor(thetas, vectors, cotangents, tensor.Length, _units, _scales, thetaBar);
            }

            _pullback.EndStep(_time, thetaBar);
        }
    }

    private void Apply(MlpVectors vectors, int n)
    {
        for (int i = 0; i < n; i += MlpEvaluation.Block)
        {
            int count = Math.Min(MlpEvaluation.Block, n - i);
            MlpEvaluation.Run(vectors.From(i), count, _units.Pointer, _units.OutputBias, null, _outputs.Pointer);
            MlpKernels.Apply(vectors.W + i, count, _outputs.Pointer, _scales);
        }
    }

    public void Dispose()
    {
        _units.Dispose();
        _pullback.Dispose();
        _squareSums.Dispose();
        _outputs.Dispose();
    }
}
