namespace LoptCluster.Shared.Specification;

/// <summary>What happens to a sample computed at an older θ.</summary>
public enum StalenessPolicy
{
    /// <summary>Counts like any other: the paper.</summary>
    Off,

    /// <summary>Not counted beyond <see cref="RunSpecification.StalenessLimitUpdates"/> updates of age.</summary>
    Drop,

    /// <summary>Weight 1 / (1 + age / limit).</summary>
    Weight,
}
