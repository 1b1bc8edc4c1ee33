namespace LoptCluster.Shared.Specification;

public sealed partial record RunSpecification
{
    /// <summary>
    /// Fewest samples of a batch with g_rp. The variance of g_rp is measured on them. Its relative standard error is √(2 / (n − 1)) for
    /// normal values: 37 % with 16 samples, precise enough for a choice by factors once a few updates are averaged.
    /// </summary>
    public const int LeastRpSamples = 16;

    [SpecificationKey("estimation", "Gradient estimator that updates θ.", Paper = "§3, §4.5")]
    public Estimator Estimator { get; init; } = Estimator.Merged;

    [SpecificationKey(
        "estimation", "σ: standard deviation of the perturbation of θ; the paper fixes σ² = 0.01.",
        Unit = "of θ", Paper = "§3", Min = 1e-6, Max = 10)]
    public double PerturbationStd { get; init; } = 0.1;

    [SpecificationKey("estimation", "S: samples per outer-update.", Unit = "samples", Paper = "App. D.3", Min = 2, Max = 65_536)]
    public int BatchSamples { get; init; } = 128;

    [SpecificationKey(
        "estimation", "Samples that compute g_rp, which takes most of a sample's time: all, or as many as are worth their time.")]
    public RpSharePolicy RpShare { get; init; } = RpSharePolicy.All;

    [SpecificationKey(
        "estimation", "Whether g_rp and g_es have the factor ½ of Algorithm 1, which the released code omits.", Paper = "App. C")]
    public bool HalfFactor { get; init; } = true;

    [SpecificationKey("estimation", "Limit to which each element of the merged gradient is clipped; 0: no clipping.", Min = 0)]
    public double GradientClip { get; init; } = 0.1;

    [SpecificationKey("estimation", "Treatment of samples computed at an older θ.", Paper = "§4.3")]
    public StalenessPolicy Staleness { get; init; } = StalenessPolicy.Off;

    [SpecificationKey("estimation", "Age limit of the staleness policy.", Unit = "outer-updates", Min = 1)]
    public int StalenessLimitUpdates { get; init; } = 10;
}
