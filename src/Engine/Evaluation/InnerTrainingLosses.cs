namespace LoptCluster.Engine.Evaluation;

/// <summary>Four losses that rate an inner-training run, in nats, and the accuracies at its end.</summary>
/// <param name="TrainMean">Mean over the T steps of min(loss, cap) at w(t), on each step's training minibatch.</param>
/// <param name="TrainFinal">Loss at w(T) on the whole inner-train split, at most the cap.</param>
/// <param name="ValidMean">Mean like <paramref name="TrainMean"/>, on one validation minibatch per step.</param>
/// <param name="ValidFinal">Loss like <paramref name="TrainFinal"/>, on the whole inner-validation split.</param>
public readonly record struct InnerTrainingLosses(double TrainMean, double TrainFinal, double ValidMean, double ValidFinal)
{
    /// <summary>
    /// Share of the inner-train split that w(T) classifies as labelled; NaN without classes, or if the run was left before its end.
    /// </summary>
    public double TrainAccuracy { get; init; } = double.NaN;

    /// <summary>Share like <see cref="TrainAccuracy"/>, of the inner-validation split.</summary>
    public double ValidAccuracy { get; init; } = double.NaN;

    /// <summary>Better value of each number: the strongest baseline, tuned separately for each.</summary>
    public static InnerTrainingLosses Best(InnerTrainingLosses a, InnerTrainingLosses b) => new(
        Math.Min(a.TrainMean, b.TrainMean),
        Math.Min(a.TrainFinal, b.TrainFinal),
        Math.Min(a.ValidMean, b.ValidMean),
        Math.Min(a.ValidFinal, b.ValidFinal))
    {
        TrainAccuracy = double.MaxNumber(a.TrainAccuracy, b.TrainAccuracy),
        ValidAccuracy = double.MaxNumber(a.ValidAccuracy, b.ValidAccuracy),
    };
}
