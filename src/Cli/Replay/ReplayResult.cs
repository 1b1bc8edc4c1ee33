using LoptCluster.Coordinator.Replay;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Replay;

/// <summary>What a replay found.</summary>
/// <param name="Run">The run.</param>
/// <param name="Specification">The specification that was replayed.</param>
/// <param name="Points">Every replayed update.</param>
/// <param name="Theta">The last replayed θ.</param>
/// <param name="Recomputed">Samples that were unrolled again.</param>
/// <param name="Difference">The first difference from the run, as a sentence; null: none, or another specification was replayed.</param>
/// <param name="Seconds">Time that it took.</param>
internal sealed record ReplayResult(
    ReplayableRun Run, RunSpecification Specification, IReadOnlyList<ReplayedPoint> Points, ThetaSnapshot Theta, long Recomputed,
    string? Difference, double Seconds)
{
    /// <summary>The values that are other than the run's; empty: the run itself was replayed.</summary>
    public IReadOnlyList<SpecificationDifference> Changes => SpecificationDiff.Between(Run.Specification, Specification);

    public bool IsWhatIf => Changes.Count > 0;

    public long Samples => Points.Sum(p => p.Samples);
}
