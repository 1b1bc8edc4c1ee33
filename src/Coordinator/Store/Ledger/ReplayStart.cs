using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Coordinator.Store.Ledger;

/// <summary>Where the replay of a pruned run begins.</summary>
/// <param name="Version">Version of θ; the updates up to it were pruned.</param>
/// <param name="Optimizer">State of the outer-optimizer there; null: it was given up, and the run cannot be replayed.</param>
/// <param name="Average">Average of θ there; null: the run keeps none.</param>
internal sealed record ReplayStart(long Version, OuterOptimizerState? Optimizer, ThetaAverage? Average);
