namespace LoptCluster.Engine.Evaluation;

/// <summary>Losses of the run's objective, a task after another.</summary>
/// <param name="MeanLoss">Over the horizon.</param>
/// <param name="FinalLoss">At its end, on the whole split.</param>
public sealed record EvaluationOutcome(double[] MeanLoss, double[] FinalLoss);
