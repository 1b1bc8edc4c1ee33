using LoptCluster.Engine.Estimation;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Batching;

/// <summary>
/// Whether a sample has a g_rp is drawn from its identity, so it can be checked: a worker that chose by itself would bias the estimate, and one
/// that never computed g_rp would keep batches waiting for ever.
/// </summary>
/// <remarks>Only where the share is adaptive. Versions of θ from before a restart, but for the newest, are not known any more and pass.</remarks>
internal sealed class RpChoiceInspector(RunSpecification specification)
{
    private const int MostVersions = 1000;
    private readonly Queue<ThetaSnapshot> _recent = [];

    public void Published(ThetaSnapshot theta)
    {
        if (specification.RpShare == RpSharePolicy.All) return;

        // The values are not needed.
        _recent.Enqueue(theta with { Values = default });
        if (_recent.Count > MostVersions) _recent.Dequeue();
    }

    /// <returns>Null: nothing is wrong with it.</returns>
    public Refusal? Inspect(Sample sample)
    {
        if (_recent.Count == 0 || sample.ThetaVersion < _recent.Peek().Version) return null;
        var theta = _recent.ElementAt((int)(sample.ThetaVersion - _recent.Peek().Version));
        bool expected = RpChoice.Computes(specification, theta, new SampleIdentity(sample.ProblemId, sample.Truncation));
        return sample.RpComputed == expected
            ? null
            : new(
                RejectReason.Malformed,
                $"g_rp is {(sample.RpComputed ? "" : "not ")}computed; the draw for this sample at θ version {theta.Version} and share {theta.RpShare:0.###} says otherwise");
    }
}
