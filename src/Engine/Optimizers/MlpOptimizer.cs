using LoptCluster.Engine.InnerProblems;
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
    private readonly MlpStep _step;
    private readonly MlpPullback _pullback;

    public MlpOptimizer(MlpForm form, ParameterLayout layout, double stepScale, double exponentScale)
    {
        _form = form;
        _layout = layout;
        _scales = new MlpScales((float)stepScale, (float)exponentScale);
        _step = new MlpStep(form);
        _pullback = new MlpPullback(form, layout.Tensors.Max(t => t.Length));
    }

    public int ThetaLength => _form.ThetaLength;

    public int StateVectors => MlpForm.Momenta;

    public void InitializeTheta(ref RandomStream random, Span<float> theta) => MlpInitialization.Fill(_form, ref random, theta);

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, _layout, theta, g, w, m);
        fixed (float* thetas = theta, gs = g, ws = w, ms = m)
        {
            _step.Begin(thetas, t);
            foreach (var tensor in _layout.Tensors)
            {
                var vectors = new MlpVectors(gs + tensor.Offset, ws + tensor.Offset, ms + tensor.Offset, _layout.PaddedLength);
                _step.Update(thetas, vectors, tensor.Length, _scales);
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
        fixed (float* thetas = theta, gs = g, ws = w, ms = mNext, wc = wCotangent, mc = mCotangent, gc = gCotangent)
        fixed (double* thetaBar = thetaCotangent)
        {
            _step.Begin(thetas, t);
            _pullback.BeginStep();
            foreach (var tensor in _layout.Tensors)
            {
                var vectors = new MlpVectors(gs + tensor.Offset, ws + tensor.Offset, ms + tensor.Offset, _layout.PaddedLength);
                var cotangents = new MlpVectors(gc + tensor.Offset, wc + tensor.Offset, mc + tensor.Offset, _layout.PaddedLength);
                _step.Prepare(thetas, vectors, tensor.Length);
                _pullback.Tensor(thetas, vectors, cotangents, tensor.Length, _step.Units, _scales, thetaBar);
            }

            _pullback.EndStep(_step.Time, thetaBar);
        }
    }

    public void Dispose()
    {
        _step.Dispose();
        _pullback.Dispose();
    }
}
