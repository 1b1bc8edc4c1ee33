namespace LoptCluster.Shared.Specification;

/// <summary>L of §2.1: which data the outer-loss is measured on.</summary>
public enum OuterObjective
{
    Train,
    Valid,
}
