namespace LoptCluster.Engine.Evaluation;

/// <summary>Losses of the run's objective, by task.</summary>
/// <param name="MeanLoss">Mean loss over the horizon.</param>
/// <param name="FinalLoss">Loss at the end of the horizon, on the whole split.</param>
public sealed record EvaluationOutcome(double[] MeanLoss, double[] FinalLoss);
