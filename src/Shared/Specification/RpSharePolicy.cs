namespace LoptCluster.Shared.Specification;

/// <summary>Selection of the samples that compute g_rp.</summary>
public enum RpSharePolicy
{
    /// <summary>All samples, as in the paper.</summary>
    All,

    /// <summary>
    /// A random share of the samples. The coordinator chooses the share from measured variances and times, so that the merged gradient is
    /// as precise as possible per second of work.
    /// </summary>
    Adaptive,
}
