namespace LoptCluster.Shared.Specification;

public sealed partial record RunSpecification
{
    [SpecificationKey("estimation", "Which gradient estimator moves θ.", Paper = "§3, §4.5")]
    public Estimator Estimator { get; init; } = Estimator.Merged;

    [SpecificationKey("estimation", "σ of the perturbation of θ; the paper fixes σ² = 0.01.", Unit = "of θ", Paper = "§3", Min = 1e-6, Max = 10)]
    public double PerturbationStd { get; init; } = 0.1;

    [SpecificationKey("estimation", "S: samples of one outer-update.", Unit = "samples", Paper = "App. D.3", Min = 2, Max = 65_536)]
    public int BatchSamples { get; init; } = 128;

    [SpecificationKey("estimation", "Factor ½ in g_rp and g_es, as Algorithm 1 has it; the released code leaves it out.", Paper = "App. C")]
    public bool HalfFactor { get; init; } = true;

    [SpecificationKey("estimation", "Clip of each element of the merged gradient; 0: none.", Min = 0)]
    public double GradientClip { get; init; } = 0.1;

    [SpecificationKey("estimation", "What happens to samples of an older θ.", Paper = "§4.3")]
    public StalenessPolicy Staleness { get; init; } = StalenessPolicy.Off;

    [SpecificationKey("estimation", "Age that the staleness policy speaks of.", Unit = "outer-updates", Min = 1)]
    public int StalenessLimitUpdates { get; init; } = 10;
}
