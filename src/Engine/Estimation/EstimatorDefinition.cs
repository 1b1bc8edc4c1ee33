using System.Collections.Immutable;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>What a value of the key <c>estimator</c> stands for.</summary>
/// <param name="Computed">The gradient estimators that samples are measured with.</param>
/// <param name="Combination">How their means become the gradient that moves θ.</param>
public sealed record EstimatorDefinition(ImmutableArray<EstimatorId> Computed, ICombination Combination);
