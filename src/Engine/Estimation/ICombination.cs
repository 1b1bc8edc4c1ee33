using System.Collections.Immutable;

namespace LoptCluster.Engine.Estimation;

/// <summary>A policy that combines the means of the estimators into the gradient that moves θ.</summary>
public interface ICombination
{
    /// <param name="statistics">One of each estimator that was computed.</param>
    MergedGradient Combine(ImmutableArray<EstimatorStatistics> statistics);
}
