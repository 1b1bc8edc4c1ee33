using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Intake;

/// <summary>
/// Checks whether a sample has a g_rp exactly if the draw from its identity says so: a worker that chose by itself would bias the estimate,
/// and one that never computed g_rp would keep batches waiting for ever.
/// </summary>
/// <remarks>Only where the share is adaptive. Of the versions of θ from before a restart only the newest is known; samples at the others pass.</remarks>
internal sealed class RpChoiceInspector(RunSpecification specification)
{
    /// <summary>Versions that are remembered: far more than the age of any sample, at some bytes each.</summary>
    private const int MostVersions = 1000;

    private readonly Queue<ThetaSnapshot> _recent = [];

    public void OnPublished(ThetaSnapshot theta)
    {
        if (specification.RpShare == RpSharePolicy.All) return;

        // The values are not needed.
        _recent.Enqueue(theta with { Values = default });
        if (_recent.Count > MostVersions) _recent.Dequeue();
    }

    /// <returns>What is wrong with the sample; null: nothing.</returns>
    public Refusal? Inspect(GradientSample sample)
    {
        if (_recent.Count == 0 || sample.ThetaVersion < _recent.Peek().Version) return null;
        var theta = _recent.ElementAt((int)(sample.ThetaVersion - _recent.Peek().Version));
        if (sample.RpComputed == RpChoice.Computes(specification, theta, sample.Identity)) return null;
        return new(
            RefusalReason.Malformed,
            $"g_rp is {(sample.RpComputed ? "" : "not ")}computed, against the draw for this sample at θ version {theta.Version} and share {theta.RpShare:0.###}");
    }
}
