using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>A rule with ℓ1 and ℓ2 regularisation added to the inner-loss, and a decaying learning rate (§4.4).</summary>
/// <remarks>θ is that of the rule, then ln linear decay, ln exponential decay, ln ℓ1, ln ℓ2.</remarks>
internal sealed class RegDecayOptimizer(UpdateRule rule, ParameterLayout layout) : IOuterTrainableOptimizer
{
    private readonly int _ruleLength = rule.HyperParameters.Length;
    private readonly float[] _g = new float[layout.PaddedLength];

    public int ThetaLength { get; } = rule.HyperParameters.Length + HyperParameters.RegDecay.Length;

    public int StateVectors { get; } = rule.State.Length;

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, layout, theta, g, w, m);
        var c = RegDecayConstants.Of(theta[_ruleLength..], t);
        RegularizationKernels.Add(c, g, w, _g);
        rule.Update(theta[.._ruleLength], c.Decay, t, _g, w, m);
    }

    public void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents)
    {
        UpdateLengths.Check(this, layout, update, cotangents);
        var c = RegDecayConstants.Of(update.Theta[_ruleLength..], update.T);
        RegularizationKernels.Add(c, update.G, update.W, _g);
        Span<double> ruleCotangent = stackalloc double[_ruleLength];
        ruleCotangent.Clear();
        rule.PullBack(
            new MadeUpdate
            {
                Theta = update.Theta[.._ruleLength],
                T = update.T,
                G = _g,
                W = update.W,
                M = update.M,
                MNext = update.MNext,
            },
            c.Decay,
            new UpdateCotangents { W = cotangents.W, M = cotangents.M, G = cotangents.G, Theta = ruleCotangent });
        var (bySign, byW) = RegularizationKernels.PullBack(c, update.W, cotangents.G, cotangents.W);
        for (int i = 0; i < _ruleLength; i++) cotangents.Theta[i] += ruleCotangent[i];
        c.AddThetaCotangent(ruleCotangent[0], bySign, byW, cotangents.Theta[_ruleLength..]);
    }

    public void Dispose()
    {
    }
}
