namespace LoptCluster.Shared.Specification;

/// <summary>Treatment of samples computed at an older θ.</summary>
public enum StalenessPolicy
{
    /// <summary>Old samples count like new ones, as in the paper.</summary>
    Off,

    /// <summary>Samples older than <see cref="RunSpecification.StalenessLimitUpdates"/> are dropped.</summary>
    Drop,

    /// <summary>A sample has the weight 1 / (1 + age / <see cref="RunSpecification.StalenessLimitUpdates"/>).</summary>
    Weight,
}
