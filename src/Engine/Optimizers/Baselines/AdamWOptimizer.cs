using System.Collections.Immutable;
using LoptCluster.Engine.Optimizers.HandDesigned;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Optimizers.Baselines;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, as torch.optim.AdamW), or NAdamW with Nesterov's momentum (Choi et al. 2019, table 1, as in
/// AlgoPerf), with linear warm-up and cosine. θ = (ln rate, ln(1 − β1), ln(1 − β2), ln ε, λ, warm-up).
/// </summary>
/// <remarks>
/// n = t + 1; m ← β1 m + (1 − β1) g; v ← β2 v + (1 − β2) g²; w ← (1 − rate(t) λ) w − rate(t) m̂ / (√(v / (1 − β2ⁿ)) + ε), where
/// m̂ = m / (1 − β1ⁿ), and for NAdamW (β1 m + (1 − β1) g) / (1 − β1ⁿ). No schedule of β1 (Dozat's ψ), and AlgoPerf's bias correction:
/// Optax divides β1 m by 1 − β1ⁿ⁺¹ instead.
/// </remarks>
internal sealed class AdamWOptimizer(ParameterLayout layout, UpdateSettings settings, bool nesterov) : IInnerOptimizer
{
    /// <summary>The defaults that torch.optim.AdamW has.</summary>
    public static ImmutableArray<HyperParameter> AdamW { get; } = BaselineHyperParameters.AdamW(1e-3, 0.9, 0.999, 1e-8, weightDecay: 1e-2);

    /// <summary>Values of AlgoPerf's self-tuning baseline (prize_qualification_baselines/self_tuning, jax_nadamw_full_budget.py).</summary>
    public static ImmutableArray<HyperParameter> NAdamW { get; } = BaselineHyperParameters.AdamW(
        0.0017486387539278373, 1 - 0.06733926164, 0.9955159689799007, 1e-8, weightDecay: 0.08121616522670176);

    public static ImmutableArray<StateVector> State { get; } = [new("m"), new("v", NonNegative: true)];

    public int ThetaLength => AdamW.Length;

    public int StateVectors => State.Length;

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, layout, theta, g, w, m);
        var c = AdamConstants.Of(theta, Warmup.ThenCosine(theta[^1], t, settings.InnerSteps), t);
        AdamKernels.Update(c, WeightDecay.Of(c.Rate.Value, theta[^2]), nesterov, g, w, m[..g.Length], m[g.Length..]);
    }

    public void Dispose()
    {
    }
}
