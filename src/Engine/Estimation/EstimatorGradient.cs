using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>One estimator's gradient from one sample, |θ| finite elements.</summary>
public readonly record struct EstimatorGradient(EstimatorId Estimator, ReadOnlyMemory<float> Values);
