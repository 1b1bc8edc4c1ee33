using System.Collections.Immutable;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>One of the four losses by which optimizers are judged.</summary>
/// <param name="Name">Key in summaries: trainMean, trainFinal, validMean, validFinal.</param>
/// <param name="Of">Its value for one task.</param>
public sealed record LossMeasure(string Name, Func<InnerTrainingLosses, double> Of)
{
    public static LossMeasure TrainMean { get; } = new("trainMean", losses => losses.TrainMean);

    public static LossMeasure TrainFinal { get; } = new("trainFinal", losses => losses.TrainFinal);

    public static LossMeasure ValidMean { get; } = new("validMean", losses => losses.ValidMean);

    public static LossMeasure ValidFinal { get; } = new("validFinal", losses => losses.ValidFinal);

    public static ImmutableArray<LossMeasure> All { get; } = [TrainMean, TrainFinal, ValidMean, ValidFinal];

    /// <summary>Mean over the horizon, on the minibatches of a split.</summary>
    public static LossMeasure Mean(OuterObjective split) => split == OuterObjective.Valid ? ValidMean : TrainMean;

    /// <summary>Loss at the end of the horizon, on a whole split.</summary>
    public static LossMeasure Final(OuterObjective split) => split == OuterObjective.Valid ? ValidFinal : TrainFinal;
}
