using System.Collections.Immutable;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>The gradient that moves θ, combined from a batch, and the statistics of each estimator behind it.</summary>
/// <param name="Gradient">The combined gradient before the clip, |θ| elements.</param>
/// <param name="Estimators">Every estimator that was computed, those without weight among them.</param>
public sealed record MergedGradient(double[] Gradient, ImmutableArray<MergedEstimator> Estimators)
{
    /// <exception cref="ArgumentException">The batch was merged without this estimator.</exception>
    public MergedEstimator this[EstimatorId estimator] => Estimators.FirstOrDefault(e => e.Statistics.Estimator == estimator)
        ?? throw new ArgumentException($"The batch was merged without the estimator '{estimator}'.", nameof(estimator));
}
