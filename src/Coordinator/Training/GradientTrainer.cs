using System.Diagnostics;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Training;

/// <summary>Applies an outer-update for each full batch.</summary>
internal sealed class GradientTrainer(
    OuterUpdateOptions options,
    SampleBatch batch,
    RunWriter writer,
    UpdateTrend trend,
    CoordinatorMetrics metrics,
    SampleTraces traces,
    TimeProvider time,
    ILogger<OuterTrainer> log)
    : OuterTrainer(
        OuterState.Start(new ThetaSnapshot(-1, default), options.Optimizer), options.ThetaAverageDecay, writer, trend)
{
    private List<Activity> _publishing = [];

    public override PublishedTheta? TryUpdate(double seconds)
    {
        if (!batch.IsFull || Theta.Version >= options.Plans.Newest.OuterUpdates) return null;
        var queued = batch.Dequeue();
        using var trace = traces.Merge(Theta.Version + 1, queued.Select(q => q.Trace));
        long start = time.GetTimestamp();
        GradientSample[] samples = [.. queued.Select(q => q.Sample)];
        var update = OuterUpdater.Step(State, samples, options);
        Move(update.State, update.Figures, seconds);
        Writer.MarkMerged(samples, Theta.Version);
        metrics.Updated(update.Figures, queued.Select(q => time.GetElapsedTime(q.Arrived, start)), time.GetElapsedTime(start));
        CoordinatorLog.Updated(
            log, Theta.Version, update.Figures[UpdateFigureTable.OuterLoss], update.Figures[UpdateFigureTable.TruncationSteps]);
        if (traces.Publish(trace) is { } publish) _publishing.Add(publish);
        return Published;
    }

    public override Action TakePublished()
    {
        var publishing = _publishing;
        _publishing = [];
        return () => publishing.ForEach(SampleTraces.End);
    }
}
