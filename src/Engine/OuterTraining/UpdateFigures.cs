using System.Collections.Immutable;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>One outer-update in figures.</summary>
public sealed record UpdateFigures
{
    /// <summary>Version of the θ that the update made.</summary>
    public required long OuterUpdate { get; init; }

    /// <summary>Mean of L over the batch, nats.</summary>
    public required double OuterLoss { get; init; }

    /// <summary>Mean of k over the batch, inner-steps.</summary>
    public required double TruncationSteps { get; init; }

    /// <summary>Mean age of the batch's samples, outer-updates since their θ.</summary>
    public double SampleAge { get; init; }

    public required int Samples { get; init; }

    /// <summary>Samples for which g_rp was computed.</summary>
    public int RpComputed { get; init; }

    /// <summary>Samples for which g_rp was computed and not finite.</summary>
    public int RpInvalid { get; init; }

    /// <summary>Norm of the merged gradient before the clip.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Share of the gradient's elements that the clip cut.</summary>
    public double ClippedFraction { get; init; }

    /// <summary>Adam's learning rate in this update.</summary>
    public double LearningRate { get; init; }

    /// <summary>The estimators that were measured.</summary>
    public ImmutableArray<EstimatorFigures> Estimators { get; init; } = [];

    /// <summary>Share of the samples for which g_rp was computed.</summary>
    public double RpShare => (double)RpComputed / Samples;

    /// <summary>Share of the computed g_rp that were not finite; 0 if none was computed.</summary>
    public double RpInvalidFraction => RpComputed > 0 ? (double)RpInvalid / RpComputed : 0;

    /// <summary>Figures of an estimator, whether it was measured or not.</summary>
    public EstimatorFigures this[EstimatorId estimator] => Estimators.FirstOrDefault(e => e.Estimator == estimator) ?? EstimatorFigures.NotMeasured(estimator);

    internal static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));
}
