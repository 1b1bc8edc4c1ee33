using LoptCluster.Coordinator.Store;

namespace LoptCluster.Coordinator.Web;

/// <summary>Neighbouring outer-updates as one point of a plot: means, the range of the loss, geometric means of variances.</summary>
internal readonly record struct HistoryBucket(
    int Count, long LastUpdate, double LastSeconds, double LossSum, double LossLow, double LossHigh, double StepsSum, double WeightEsSum,
    double LogVarianceRpSum, double LogVarianceEsSum, double GradientNormSum, double SampleAgeSum, long RpInvalid, long RpComputed, long Samples)
{
    /// <summary>A variance beyond all bounds is stored as the greatest double: it is none.</summary>
    private const double Unbounded = 1e300;

    public static HistoryBucket Of(HistoryEntry h) => new(
        1, h.OuterUpdate, h.Seconds, h.OuterLoss, h.OuterLoss, h.OuterLoss, h.TruncationSteps, h.WeightEs,
        Math.Log(Variance(h.VarianceRp)), Math.Log(Variance(h.VarianceEs)), h.GradientNorm, h.SampleAge, h.RpInvalid, h.RpComputed, h.Samples);

    /// <summary>NaN where there is no variance: an estimator that is off, or without finite samples.</summary>
    public static double Variance(double stored) => stored < Unbounded ? Math.Max(stored, double.Epsilon) : double.NaN;

    /// <summary>This one and the one right after it.</summary>
    public HistoryBucket With(HistoryBucket next) => new(
        Count + next.Count, next.LastUpdate, next.LastSeconds, LossSum + next.LossSum, Math.Min(LossLow, next.LossLow), Math.Max(LossHigh, next.LossHigh),
        StepsSum + next.StepsSum, WeightEsSum + next.WeightEsSum, LogVarianceRpSum + next.LogVarianceRpSum, LogVarianceEsSum + next.LogVarianceEsSum,
        GradientNormSum + next.GradientNormSum, SampleAgeSum + next.SampleAgeSum, RpInvalid + next.RpInvalid, RpComputed + next.RpComputed, Samples + next.Samples);
}
