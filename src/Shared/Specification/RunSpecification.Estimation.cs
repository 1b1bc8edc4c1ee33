namespace LoptCluster.Shared.Specification;

public sealed partial record RunSpecification
{
    /// <summary>
    /// Fewest samples of a batch with g_rp. The variance of g_rp is measured on them, and its standard error is √(2 / (n − 1)) of it (normal values): 37 % with 16,
    /// enough to tell factors apart once a few updates are averaged.
    /// </summary>
    public const int LeastRpSamples = 16;

    [SpecificationKey("estimation", "Which gradient estimator moves θ.", Paper = "§3, §4.5")]
    public Estimator Estimator { get; init; } = Estimator.Merged;

    [SpecificationKey("estimation", "σ of the perturbation of θ; the paper fixes σ² = 0.01.", Unit = "of θ", Paper = "§3", Min = 1e-6, Max = 10)]
    public double PerturbationStd { get; init; } = 0.1;

    [SpecificationKey("estimation", "S: samples of one outer-update.", Unit = "samples", Paper = "App. D.3", Min = 2, Max = 65_536)]
    public int BatchSamples { get; init; } = 128;

    [SpecificationKey("estimation", "Samples that compute g_rp, which takes most of a sample's time: all, or as many as pay.")]
    public RpSharePolicy RpShare { get; init; } = RpSharePolicy.All;

    [SpecificationKey("estimation", "Factor ½ in g_rp and g_es, as Algorithm 1 has it; the released code leaves it out.", Paper = "App. C")]
    public bool HalfFactor { get; init; } = true;

    [SpecificationKey("estimation", "Clip of each element of the merged gradient; 0: none.", Min = 0)]
    public double GradientClip { get; init; } = 0.1;

    [SpecificationKey("estimation", "What happens to samples of an older θ.", Paper = "§4.3")]
    public StalenessPolicy Staleness { get; init; } = StalenessPolicy.Off;

    [SpecificationKey("estimation", "Age that the staleness policy speaks of.", Unit = "outer-updates", Min = 1)]
    public int StalenessLimitUpdates { get; init; } = 10;
}
