using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>One estimator's part of an outer-update in figures. Quantiles are over the elements of θ.</summary>
/// <param name="Estimator">The estimator that was measured.</param>
/// <param name="MeanNorm">Norm of the batch's mean gradient.</param>
/// <param name="Variance">Variance of a single sample.</param>
/// <param name="Weight">Weight in the merged gradient.</param>
/// <param name="MeanWeight">Mean of the weight over θ.</param>
public sealed record EstimatorFigures(EstimatorId Estimator, double MeanNorm, Quantiles Variance, Quantiles Weight, double MeanWeight)
{
    public static EstimatorFigures Of(MergedEstimator merged) => new(
        merged.Statistics.Estimator,
        VectorFigures.Norm(merged.Statistics.Mean),
        Quantiles.Of(merged.Statistics.Variance),
        Quantiles.Of(merged.Weight),
        merged.Weight.Average());
}
