using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Store;

/// <summary>A measured gradient of a merged sample.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="Estimator">Estimator that the gradient belongs to.</param>
/// <param name="Values">|θ| elements, all finite, in outer-loss (nats) per unit of θ.</param>
internal readonly record struct StoredGradient(SampleIdentity Sample, EstimatorId Estimator, ReadOnlyMemory<float> Values);
