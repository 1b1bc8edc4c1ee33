namespace LoptCluster.Shared.Specification;

/// <summary>Gradient estimator that updates θ (§3, and the ablations of §4.5).</summary>
public enum Estimator
{
    Merged,
    Rp,
    Es,
}
