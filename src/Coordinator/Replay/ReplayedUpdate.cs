using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Replay;

/// <summary>One outer-update of a replay, beside that of the run.</summary>
/// <param name="Theta">θ that the replay made.</param>
/// <param name="Original">θ that the run made; null: that version was pruned.</param>
/// <param name="Figures">Figures of the replayed update.</param>
/// <param name="Recorded">Figures of the run's update; null: not recorded.</param>
/// <param name="Samples">Samples that were merged: fewer than in the run where staleness drops some.</param>
/// <param name="Recomputed">How many of them were unrolled again.</param>
/// <param name="Difference">What a sample that was unrolled again has otherwise than the run recorded; null: nothing.</param>
public sealed record ReplayedUpdate(
    ThetaSnapshot Theta, ThetaSnapshot? Original, UpdateFigures Figures, UpdateFigures? Recorded, int Samples, int Recomputed,
    string? Difference)
{
    public long OuterUpdate => Theta.Version;

    /// <summary>Whether θ has the bits that the run's has, as far as the run's is still there.</summary>
    public bool IsSame => Original is null || ThetaDistance.IsSame(Theta, Original);
}
