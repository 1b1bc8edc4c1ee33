using System.Globalization;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Training;

/// <summary>Makes one version of θ after another. The only owner of θ and of the outer-optimizer's state.</summary>
/// <remarks>
/// What it writes is part of the open transaction: θ must not be shown before the commit. Owned by the run loop; not thread-safe.
/// </remarks>
/// <param name="start">The state before a stored one is restored.</param>
/// <param name="averageDecay">Decay of the average of θ; 0: the run keeps none.</param>
internal abstract class OuterTrainer(OuterState start, double averageDecay, RunWriter writer, UpdateTrend trend)
{
    protected RunWriter Writer => writer;

    protected OuterState State { get; private set; } = start;

    public ThetaSnapshot Theta => State.Theta;

    /// <summary>θ with what it asks of its samples.</summary>
    public PublishedTheta Published => State.Published;

    /// <summary>Average of θ up to the newest version, θ itself before the first update; null: the run keeps none.</summary>
    public ThetaSnapshot? Average => averageDecay > 0 ? State.Average?.Snapshot(Theta.Version, averageDecay) ?? Theta : null;

    /// <summary>The newest outer-update; null before the first.</summary>
    public HistoryEntry? Last { get; private set; }

    public void Restore(StoredRun stored, IEnumerable<HistoryEntry> history)
    {
        State = stored.State;
        foreach (var update in history) trend.Note(Last = update);
    }

    /// <param name="seconds">Training time so far, for the history.</param>
    /// <returns>The next θ, or null while there is nothing to make it of, or the run is at its last update.</returns>
    public abstract PublishedTheta? TryUpdate(double seconds);

    /// <summary>Every worker has been offered the newest θ.</summary>
    public virtual Action TakePublished() => static () => { };

    /// <summary>Moves to the next state, and writes it with its figures.</summary>
    /// <exception cref="UserErrorException">The next state is not finite.</exception>
    protected void Move(OuterState next, UpdateFigures figures, double seconds)
    {
        if (!next.IsFinite) throw NotFinite(next.Theta.Version);
        (State, Last) = (next, new HistoryEntry(seconds, figures.Recorded()));
        writer.SetOuterState(State);
        writer.AddHistory(Last);
        writer.SetValue(RunContext.SecondsKey, seconds.ToString("R", CultureInfo.InvariantCulture));
        trend.Note(Last);
    }

    private static UserErrorException NotFinite(long version) => new(
        $"Outer-update {version} would have made θ or the outer-optimizer's state infinite or not a number. It was not applied: the run "
            + $"stands at version {version - 1}. Begin another from it ('lopt train --from') with a smaller outerLearningRate, or with a "
            + "gradientClip above 0.");
}
