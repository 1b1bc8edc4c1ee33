namespace LoptCluster.Shared.Specification;

/// <summary>For which samples g_rp is computed.</summary>
public enum RpSharePolicy
{
    /// <summary>All of them: the paper.</summary>
    All,

    /// <summary>A random share of them, chosen by the coordinator from measured variances and times so that the merged gradient is as precise as a second of work can make it.</summary>
    Adaptive,
}
