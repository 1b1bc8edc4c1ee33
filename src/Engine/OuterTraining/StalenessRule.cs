using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>What the age of a sample (outer-updates since its θ) does to its weight. The paper does nothing about it (§4.3).</summary>
public sealed class StalenessRule(StalenessPolicy policy, int limitUpdates)
{
    /// <returns>False if the policy drops samples of this age.</returns>
    public bool Counts(long age) => policy != StalenessPolicy.Drop || age <= limitUpdates;

    /// <returns>Weight of each sample in the merge; empty: all weights are 1.</returns>
    public double[] Weights(IReadOnlyList<GradientSample> samples, long currentVersion) => policy == StalenessPolicy.Weight
        ? [.. samples.Select(s => 1 / (1 + ((double)(currentVersion - s.ThetaVersion) / limitUpdates)))]
        : [];
}
