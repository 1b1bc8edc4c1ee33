namespace LoptCluster.Engine.Evaluation;

/// <summary>One inner-training run: its losses and its curves.</summary>
/// <param name="Losses">Over the whole horizon and at its end.</param>
/// <param name="TrainCurve">Mean training minibatch loss of each stretch of CurveEverySteps steps.</param>
/// <param name="ValidCurve">Likewise, validation.</param>
public sealed record InnerTraining(InnerTrainingLosses Losses, float[] TrainCurve, float[] ValidCurve);
