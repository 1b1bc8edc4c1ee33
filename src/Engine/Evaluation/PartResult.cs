namespace LoptCluster.Engine.Evaluation;

/// <summary>Result of a part of a comparison: one optimizer on one task.</summary>
/// <param name="Losses">A baseline's are each the best over its settings, chosen anew for each number.</param>
/// <param name="TrainCurve">Training minibatch loss by curve point, of the run that is shown.</param>
/// <param name="ValidCurve">Validation minibatch loss by curve point, of the same run.</param>
/// <param name="Setting">Setting of the run that is shown, the one with the best mean of the run's objective; 0 for θ.</param>
public sealed record PartResult(InnerTrainingLosses Losses, float[] TrainCurve, float[] ValidCurve, int Setting);
