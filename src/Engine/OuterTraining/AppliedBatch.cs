using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>A batch that an outer-update was made from: what the figures are computed from.</summary>
/// <param name="Theta">θ before the update.</param>
/// <param name="NextTheta">θ that the update made.</param>
/// <param name="Samples">The batch.</param>
/// <param name="Merged">Its gradient before the clip, and the statistics behind it.</param>
/// <param name="Options">Settings of the run.</param>
public sealed record AppliedBatch(
    ThetaSnapshot Theta,
    ThetaSnapshot NextTheta,
    IReadOnlyList<GradientSample> Samples,
    MergedGradient Merged,
    OuterUpdateOptions Options)
{
    private readonly EstimatorFigures[] _estimators = [.. Merged.Estimators.Select(EstimatorFigures.Of)];

    /// <summary>Samples for which g_rp was computed.</summary>
    public int RpComputed => Samples.Count(s => !s.Gradients.IsEmpty);

    /// <summary>Samples for which g_rp was computed and not finite.</summary>
    public int RpInvalid => Samples.Count(s => s.Gradients.Any(g => !g.IsFinite));

    /// <summary>Value of a hyper-parameter after the update; NaN if the optimizer has none of the name.</summary>
    public double HyperParameter(string name)
    {
        for (int i = 0; i < Options.HyperParameters.Length; i++)
        {
            if (Options.HyperParameters[i].Name == name) return Options.HyperParameters[i].FromTheta(NextTheta.Values.Span[i]);
        }

        return double.NaN;
    }

    /// <summary>An estimator in figures; null: it was not measured.</summary>
    public EstimatorFigures? this[EstimatorId estimator] => Array.Find(_estimators, e => e.Estimator == estimator);
}
