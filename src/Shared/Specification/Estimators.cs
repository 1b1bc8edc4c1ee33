namespace LoptCluster.Shared.Specification;

/// <summary>Properties of estimators that rules between keys depend on.</summary>
public static class Estimators
{
    /// <summary>True if g_rp and a gradient of the losses are merged, so that a sample can do without g_rp.</summary>
    public static bool IsMerged(this Estimator estimator) =>
        estimator is Estimator.Merged or Estimator.MergedPes or Estimator.MergedNres;
}
