using System.Collections.Immutable;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Intake;

/// <summary>
/// Checks whether a sample carries exactly the gradients that the draw from its identity asks for: a worker that chose by itself would bias
/// the estimate, and one that never measured g_rp would keep batches waiting for ever.
/// </summary>
/// <remarks>Of the versions of θ from before a restart only the newest is known; samples at the others pass.</remarks>
internal sealed class MeasurementInspector(MeasurementChoice choice)
{
    /// <summary>Versions that are remembered: far more than the age of any sample, at some bytes each.</summary>
    private const int MostVersions = 1000;

    private readonly Queue<(long Version, SamplePlan Plan)> _recent = [];

    public void OnPublished(PublishedTheta theta)
    {
        _recent.Enqueue((theta.Version, theta.Plan));
        if (_recent.Count > MostVersions) _recent.Dequeue();
    }

    /// <returns>What is wrong with the sample; null: nothing.</returns>
    public Refusal? Inspect(GradientSample sample)
    {
        if (_recent.Count == 0 || sample.ThetaVersion < _recent.Peek().Version) return null;
        var (version, plan) = _recent.ElementAt((int)(sample.ThetaVersion - _recent.Peek().Version));
        var expected = choice.Of(plan, version, sample.Identity);
        if (sample.Gradients.Length == expected.Length && expected.All(e => sample.Measured(e) is not null)) return null;
        return new(
            RefusalReason.Malformed,
            $"the sample carries {Words([.. sample.Gradients.Select(g => g.Estimator)])}; "
            + $"the draw for it at θ version {version} and share {plan.RpShare:0.###} asks for {Words(expected)}");
    }

    private static string Words(ImmutableArray<EstimatorId> gradients) =>
        gradients.IsEmpty ? "no gradient" : string.Join(", ", gradients.Select(g => $"g_{g}"));
}
