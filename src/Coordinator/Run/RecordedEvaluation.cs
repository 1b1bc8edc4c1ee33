using LoptCluster.Engine.Datasets;

namespace LoptCluster.Coordinator.Run;

/// <summary>An evaluation on the fixed tasks of one split.</summary>
/// <param name="OuterUpdate">Version of θ; null: tuned Adam.</param>
/// <param name="Split">Part of the classes that the tasks are drawn from.</param>
/// <param name="MeanLoss">Mean loss over the horizon, mean over the tasks, nats.</param>
/// <param name="FinalLoss">Loss at the end of the horizon, likewise.</param>
public sealed record RecordedEvaluation(long? OuterUpdate, ClassSplit Split, double MeanLoss, double FinalLoss);
