namespace LoptCluster.Coordinator.Store;

/// <summary>The part of an evaluation that is of one kind of a mixture.</summary>
/// <param name="Kind">Name of the mixture's task.</param>
/// <param name="Tasks">How many evaluation tasks are of it.</param>
/// <param name="MeanLoss">Mean over them of the loss averaged over the horizon.</param>
/// <param name="FinalLoss">Mean over them of the loss at the horizon.</param>
internal sealed record KindLoss(string Kind, int Tasks, double MeanLoss, double FinalLoss);
