using System.Collections.Immutable;

namespace LoptCluster.Engine.Optimizers.Baselines;

/// <summary>
/// Hyper-parameters of the baselines, with the published defaults that each family takes. In every θ the last two are weightDecay and
/// warmupShare.
/// </summary>
internal static class BaselineHyperParameters
{
    /// <summary>Share of T of AlgoPerf's self-tuning baseline, which is tuned once for all its workloads (warmup_factor).</summary>
    private const double WarmupShare = 0.02;

    public static HyperParameter Rate(double initial, string name = "learningRate") => new(name, initial, HyperParameterTransform.Log);

    public static HyperParameter Beta(double initial, string name) => new(name, initial, HyperParameterTransform.LogOneMinus);

    public static HyperParameter Epsilon(double initial) => new("epsilon", initial, HyperParameterTransform.Log);

    /// <summary>Decoupled weight decay λ and the share of T for the warm-up, at the end of θ.</summary>
    public static ImmutableArray<HyperParameter> DecayAndWarmup(double weightDecay) =>
    [
        new("weightDecay", weightDecay, HyperParameterTransform.Identity),
        new("warmupShare", WarmupShare, HyperParameterTransform.Identity),
    ];

    /// <summary>Hyper-parameters of an AdamW: four as Adam has them, then λ and the warm-up.</summary>
    public static ImmutableArray<HyperParameter> AdamW(double rate, double beta1, double beta2, double epsilon, double weightDecay) =>
        [Rate(rate), Beta(beta1, "beta1"), Beta(beta2, "beta2"), Epsilon(epsilon), .. DecayAndWarmup(weightDecay)];
}
