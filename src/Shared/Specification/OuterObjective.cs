namespace LoptCluster.Shared.Specification;

/// <summary>Data on which the outer-loss L is measured (§2.1).</summary>
public enum OuterObjective
{
    Train,
    Valid,
}
