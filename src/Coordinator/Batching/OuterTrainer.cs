using System.Diagnostics;
using System.Globalization;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Batching;

/// <summary>Applies an outer-update for each full batch. The only owner of θ and of the outer-optimizer's state.</summary>
/// <remarks>
/// What it writes is part of the open transaction: θ must not be shown before the commit. Owned by the run loop; not thread-safe.
/// </remarks>
internal sealed class OuterTrainer(
    OuterUpdateOptions options,
    SampleBatch batch,
    RunWriter writer,
    UpdateTrend trend,
    CoordinatorMetrics metrics,
    SampleTraces traces,
    TimeProvider time,
    ILogger<OuterTrainer> log)
{
    private readonly List<Activity> _publishing = [];
    private OuterState _state = OuterState.Start(new ThetaSnapshot(-1, default), options.Optimizer);

    public ThetaSnapshot Theta => _state.Theta;

    /// <summary>θ with what it asks of its samples.</summary>
    public PublishedTheta Published => _state.Published;

    /// <summary>Average of θ up to the newest version, θ itself before the first update; null: the run keeps none.</summary>
    public ThetaSnapshot? Average => options.ThetaAverageDecay > 0
        ? _state.Average?.Snapshot(Theta.Version, options.ThetaAverageDecay) ?? Theta
        : null;

    /// <summary>The newest outer-update; null before the first.</summary>
    public HistoryEntry? Last { get; private set; }

    public void Restore(StoredRun stored, IEnumerable<HistoryEntry> history)
    {
        _state = stored.State;
        foreach (var update in history) trend.Note(Last = update);
    }

    /// <param name="seconds">Training time so far, for the history.</param>
    /// <returns>The next θ, or null while the batch is not full or the run is at its last update.</returns>
    public PublishedTheta? TryUpdate(double seconds)
    {
        if (!batch.IsFull || Theta.Version >= options.Plans.Newest.OuterUpdates) return null;
        var queued = batch.Dequeue();
        using var trace = traces.Merge(Theta.Version + 1, queued.Select(q => q.Trace));
        long start = time.GetTimestamp();
        GradientSample[] samples = [.. queued.Select(q => q.Sample)];
        var update = OuterUpdater.Step(_state, samples, options);
        (_state, Last) = (update.State, new HistoryEntry(seconds, update.Figures.Recorded()));
        Write(Last, samples);
        trend.Note(Last);
        metrics.Updated(update.Figures, queued.Select(q => time.GetElapsedTime(q.Arrived, start)), time.GetElapsedTime(start));
        var (loss, steps) = (Last[UpdateFigureTable.OuterLoss], Last[UpdateFigureTable.TruncationSteps]);
        CoordinatorLog.Updated(log, Theta.Version, loss, steps);
        if (traces.Publish(trace) is { } publish) _publishing.Add(publish);
        return Published;
    }

    /// <summary>Every worker has been offered the newest θ.</summary>
    public void OnPublished()
    {
        foreach (var publish in _publishing) SampleTraces.End(publish);
        _publishing.Clear();
    }

    private void Write(HistoryEntry update, GradientSample[] samples)
    {
        writer.SetOuterState(_state);
        writer.MarkMerged(samples, Theta.Version);
        writer.AddHistory(update);
        writer.SetValue(RunContext.SecondsKey, update.Seconds.ToString("R", CultureInfo.InvariantCulture));
    }
}
