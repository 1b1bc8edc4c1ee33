namespace LoptCluster.Engine.Evaluation;

/// <summary>Result of one inner-training run: its losses and its curves.</summary>
/// <param name="Losses">Losses over the whole horizon and at its end.</param>
/// <param name="TrainCurve">Mean training minibatch loss of each interval of CurveEverySteps steps.</param>
/// <param name="ValidCurve">Mean validation minibatch loss of each interval of CurveEverySteps steps.</param>
public sealed record InnerTraining(InnerTrainingLosses Losses, float[] TrainCurve, float[] ValidCurve);
