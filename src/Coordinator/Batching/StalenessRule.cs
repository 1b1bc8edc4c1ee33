using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Batching;

/// <summary>What the age of a sample (outer-updates since its θ) does to it. The paper does nothing about it (§4.3).</summary>
internal sealed class StalenessRule(StalenessPolicy policy, int limitUpdates)
{
    public bool Counts(long age) => policy != StalenessPolicy.Drop || age <= limitUpdates;

    /// <summary>Weights for the merge, or none: all the same.</summary>
    public double[] Weights(IReadOnlyList<GradientSample> samples, long currentVersion) => policy == StalenessPolicy.Weight
        ? [.. samples.Select(s => 1 / (1 + ((double)(currentVersion - s.ThetaVersion) / limitUpdates)))]
        : [];
}
