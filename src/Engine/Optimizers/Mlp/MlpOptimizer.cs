using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>The learned optimizer of App. D.1: an MLP with one hidden layer of 32, applied to each inner-parameter alone.</summary>
/// <remarks>
/// m_β ← β m_β + (1 − β) g, five decays; inputs g, m, w, each times rsqrt(1e-5 + mean of its square over the tensor), and nine of time;
/// o = W2ᵀ relu(W1ᵀ x + b1) + b2; w ← w − λ_lin · o[0] · exp(λ_exp · o[1]). The exponent is not bounded; λ_lin may shrink with t.
/// Normalisers are folded into W1 once a tensor, time into the bias once a step; then one fused kernel does a tensor.
/// </remarks>
internal sealed unsafe class MlpOptimizer : IOuterTrainableOptimizer
{
    private readonly MlpShape _shape;
    private readonly ParameterLayout _layout;
    private readonly UpdateSettings _settings;
    private readonly MlpStep _step;
    private readonly MlpPullback _pullback;

    public MlpOptimizer(MlpShape shape, ParameterLayout layout, UpdateSettings settings)
    {
        shape = shape.With(settings);
        _shape = shape;
        _layout = layout;
        _settings = settings;
        _step = new MlpStep(shape, settings);
        _pullback = new MlpPullback(shape, layout.Tensors.Max(t => t.Length));
    }

    public int ThetaLength => _shape.ThetaLength;

    public int StateVectors => MlpShape.Momenta;

    public int IntermediatesLength => MlpIntermediates.Length(_layout);

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m) =>
        Update(theta, t, g, w, m, w, m, default);

    public void Update(
        ReadOnlySpan<float> theta,
        long t,
        ReadOnlySpan<float> g,
        ReadOnlySpan<float> w,
        ReadOnlySpan<float> m,
        Span<float> wNext,
        Span<float> mNext,
        Span<float> intermediates)
    {
        UpdateLengths.Check(this, _layout, theta, g, w, m);
        UpdateLengths.Check(this, _layout, theta, g, wNext, mNext);
        UpdateLengths.CheckIntermediates(this, intermediates.Length);
        fixed (float* thetas = theta, gs = g, ws = w, ms = m, wNexts = wNext, mNexts = mNext, kept = intermediates)
        {
            _step.Begin(thetas, t);
            var scales = MlpScales.Of(_settings, t);
            for (int i = 0; i < _layout.Tensors.Length; i++)
            {
                var tensor = _layout.Tensors[i];
                int offset = tensor.Offset;
                var vectors = new MlpVectors(gs + offset, ws + offset, ms + offset, _layout.PaddedLength);
                _step.Update(
                    thetas, vectors, wNexts + offset, mNexts + offset, tensor.Length, scales, MlpIntermediates.Of(kept, _layout, i));
            }
        }
    }

    public void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents) =>
        PullBack(update, cotangents, thetaAlone: false);

    public void AddThetaCotangent(in MadeUpdate update, in UpdateCotangents cotangents) => PullBack(update, cotangents, thetaAlone: true);

    public void Dispose()
    {
        _step.Dispose();
        _pullback.Dispose();
    }

    private void PullBack(in MadeUpdate update, in UpdateCotangents cotangents, bool thetaAlone)
    {
        UpdateLengths.Check(this, _layout, update, cotangents);
        fixed (float* thetas = update.Theta, gs = update.G, ws = update.W, ms = update.MNext, kept = update.Intermediates)
        fixed (float* wc = cotangents.W, mc = cotangents.M, gc = cotangents.G)
        fixed (double* thetaBar = cotangents.Theta)
        {
            _step.Begin(thetas, update.T);
            _pullback.BeginStep();
            var scales = MlpScales.Of(_settings, update.T);
            for (int i = 0; i < _layout.Tensors.Length; i++)
            {
                int offset = _layout.Tensors[i].Offset, n = _layout.Tensors[i].Length;
                var vectors = new MlpVectors(gs + offset, ws + offset, ms + offset, _layout.PaddedLength);
                var known = MlpIntermediates.Of(kept, _layout, i);
                float* squareSums = _step.Prepare(thetas, vectors, n, known.SquareSums);
                var outputs = kept != null ? known.Outputs : _pullback.Evaluate(vectors, n, _step.Units, scales);
                _pullback.Theta(thetas, vectors, wc + offset, n, squareSums, _step.Units, scales, outputs, thetaBar);
                if (thetaAlone) continue;
                var pulled = new MlpVectors(gc + offset, wc + offset, mc + offset, _layout.PaddedLength);
                _pullback.Inputs(vectors, pulled, n, _step.Units, scales, outputs);
            }

            _pullback.EndStep(_step.Inputs, thetaBar);
        }
    }
}
