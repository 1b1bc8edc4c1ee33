using System.Diagnostics;
using System.Globalization;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Batching;

/// <summary>Applies an outer-update for each full batch. The only owner of θ and of the outer-optimizer's state.</summary>
/// <remarks>What it writes is part of the open transaction: θ must not be shown before the commit. Owned by the run loop; not thread-safe.</remarks>
internal sealed class OuterTrainer(
    RunSpecification specification,
    SampleBatch batch,
    RunWriter writer,
    UpdateTrend trend,
    CoordinatorMetrics metrics,
    SampleTraces traces,
    TimeProvider time,
    ILogger<OuterTrainer> log)
{
    private readonly OuterUpdater _updater = new(specification);
    private readonly List<Activity> _publishing = [];
    private OuterAdamState _adam = OuterAdamState.Zero(0);
    private RpShareState _rpShare = RpShareState.Start;

    public ThetaSnapshot Theta { get; private set; } = new(-1, default);

    /// <summary>The newest outer-update; null before the first.</summary>
    public HistoryEntry? Last { get; private set; }

    public void Restore(StoredRun stored, IEnumerable<HistoryEntry> history)
    {
        (Theta, _adam, _rpShare) = (stored.Theta, stored.Adam, stored.RpShare);
        foreach (var update in history) trend.Note(Last = update);
    }

    /// <param name="seconds">Training time so far, for the history.</param>
    /// <returns>The next θ, or null while the batch is not full or the run is at its last update.</returns>
    public ThetaSnapshot? TryUpdate(double seconds)
    {
        if (!batch.IsFull || Theta.Version >= specification.OuterUpdates) return null;
        var queued = batch.Dequeue();
        using var trace = traces.Merge(Theta.Version + 1, queued.Select(q => q.Trace));
        long start = time.GetTimestamp();
        GradientSample[] samples = [.. queued.Select(q => q.Sample)];
        var update = _updater.Apply(samples, Theta, _adam, _rpShare, seconds);
        (Theta, _adam, _rpShare, Last) = (update.Theta, update.Adam, update.RpShare, update.History);
        Write(update, samples);
        trend.Note(update.History);
        metrics.Updated(update, queued.Select(q => time.GetElapsedTime(q.Arrived, start)), time.GetElapsedTime(start));
        CoordinatorLog.Updated(log, Theta.Version, update.History.OuterLoss, update.History.TruncationSteps, update.History.WeightEs);
        if (traces.Publish(trace) is { } publish) _publishing.Add(publish);
        return Theta;
    }

    /// <summary>Every worker has been offered the newest θ.</summary>
    public void OnPublished()
    {
        foreach (var publish in _publishing) SampleTraces.End(publish);
        _publishing.Clear();
    }

    private void Write(OuterUpdate update, GradientSample[] samples)
    {
        writer.AddTheta(update.Theta);
        writer.SetAdam(update.Adam);
        writer.SetRpShare(update.RpShare);
        writer.MarkMerged(samples, update.Theta.Version);
        writer.AddHistory(update.History);
        writer.SetValue(RunContext.SecondsKey, update.History.Seconds.ToString("R", CultureInfo.InvariantCulture));
    }
}
