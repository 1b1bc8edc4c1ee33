using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Training;

/// <summary>Random search: draws the next configuration whenever the workers are about to run out of evaluations.</summary>
/// <param name="seed">Seed of the run.</param>
/// <param name="configurations">Configurations of the whole run: versions 1 to this.</param>
internal sealed class SearchTrainer(
    SearchSpace space, long seed, long configurations, OuterState start, EvaluationSchedule evaluations, Members members, RunWriter writer,
    UpdateTrend trend)
    : OuterTrainer(start, averageDecay: 0, writer, trend)
{
    /// <summary>Evaluations for each slot: one that it computes, and one that waits.</summary>
    private const int PerSlot = 2;

    public override PublishedTheta? TryUpdate(double seconds)
    {
        if (Theta.Version >= configurations || evaluations.Jobs.Count >= PerSlot * members.Available.Sum(w => w.UsableSlots)) return null;
        var theta = new ThetaSnapshot(Theta.Version + 1, space.Draw(seed, Theta.Version + 1));
        Move(State with { Theta = theta }, UpdateFigures.None(theta.Version), seconds);
        return Published;
    }
}
