using LoptCluster.Coordinator.Replay;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;

namespace LoptCluster.Cli.Replay;

/// <summary>One outer-update of a replay beside the run's, in numbers.</summary>
/// <param name="OuterUpdate">Version of the θ that it made.</param>
/// <param name="Samples">Samples that the replay merged.</param>
/// <param name="Run">Figures of the run's update; empty if it recorded none.</param>
/// <param name="Replay">Figures of the replayed update.</param>
/// <param name="RunDistance">Distance of the run's θ from the θ that the replay began from; NaN if it was pruned.</param>
/// <param name="ReplayDistance">That of the replayed θ.</param>
/// <param name="Apart">Distance between the two; NaN if the run's was pruned.</param>
internal sealed record ReplayedPoint(
    long OuterUpdate, int Samples, UpdateFigures Run, UpdateFigures Replay, double RunDistance, double ReplayDistance, double Apart)
{
    public static ReplayedPoint Of(ReplayedUpdate update, ThetaSnapshot first) => new(
        update.OuterUpdate,
        update.Samples,
        update.Recorded ?? UpdateFigures.None(update.OuterUpdate),
        update.Figures,
        update.Original is { } run ? ThetaDistance.Of(run, first) : double.NaN,
        ThetaDistance.Of(update.Theta, first),
        update.Original is { } original ? ThetaDistance.Of(original, update.Theta) : double.NaN);
}
