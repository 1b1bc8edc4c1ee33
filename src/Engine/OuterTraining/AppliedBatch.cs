using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>A batch that an outer-update was made from: what the figures are computed from.</summary>
/// <param name="Theta">θ before the update.</param>
/// <param name="Samples">The batch.</param>
/// <param name="Merged">Its gradient before the clip, and the statistics behind it.</param>
/// <param name="Options">Settings of the run.</param>
public sealed record AppliedBatch(
    ThetaSnapshot Theta, IReadOnlyList<GradientSample> Samples, MergedGradient Merged, OuterUpdateOptions Options)
{
    private readonly EstimatorFigures[] _estimators = [.. Merged.Estimators.Select(EstimatorFigures.Of)];

    /// <summary>Samples for which g_rp was computed.</summary>
    public int RpComputed => Samples.Count(s => !s.Gradients.IsEmpty);

    /// <summary>Samples for which g_rp was computed and not finite.</summary>
    public int RpInvalid => Samples.Count(s => s.Gradients.Any(g => !g.IsFinite));

    /// <summary>An estimator in figures; null: it was not measured.</summary>
    public EstimatorFigures? this[EstimatorId estimator] => Array.Find(_estimators, e => e.Estimator == estimator);
}
