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
        UpdateFigures.Norm(merged.Statistics.Mean),
        Quantiles.Of(merged.Statistics.Variance),
        Quantiles.Of(merged.Weight),
        merged.Weight.Average());

    /// <summary>The figures of an estimator without samples: its variance is unknown, so infinite, and its weight 0.</summary>
    public static EstimatorFigures NotMeasured(EstimatorId estimator)
    {
        double unknown = double.PositiveInfinity;
        return new EstimatorFigures(estimator, 0, new Quantiles(unknown, unknown, unknown), default, 0);
    }
}
