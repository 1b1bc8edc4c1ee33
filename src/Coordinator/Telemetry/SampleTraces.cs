using System.Diagnostics;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>The coordinator's part of a sample's way, as OpenTelemetry spans: worker (its own span) → queue → merge → publish.</summary>
/// <remarks>
/// queue is a child of the worker's span. merge is a trace of its own, as it has many parents: it links to every sample's queue span. publish is its child and
/// ends when θ has been offered to every worker. Owned by the run loop. Costs nothing while nobody listens.
/// </remarks>
internal sealed class SampleTraces : IDisposable
{
    private readonly ActivitySource _source = new(InstrumentNames.CoordinatorSource);

    /// <summary>A sample has come; the span ends with <see cref="Finish"/>, or with the merge that it is part of.</summary>
    public Activity? Queue(Sample sample)
    {
        if (!_source.HasListeners()) return null;
        ActivityContext.TryParse(sample.TraceParent, null, isRemote: true, out var parent);
        return _source.StartActivity("queue", ActivityKind.Consumer, parent)?
            .SetTag("lopt.problem", sample.ProblemId)
            .SetTag("lopt.truncation", sample.Truncation)
            .SetTag("lopt.theta_version", sample.ThetaVersion);
    }

    /// <summary>What became of a sample that is not going to be merged.</summary>
    public static void Finish(Activity? queue, string outcome) => End(queue?.SetTag("lopt.outcome", outcome));

    /// <summary>A batch is full: its queue spans end, and the span of the merge begins.</summary>
    public Activity? Merge(long version, IReadOnlyList<QueuedSample> batch)
    {
        if (!_source.HasListeners()) return null;
        var links = batch.Where(q => q.Trace is not null).Select(q => new ActivityLink(q.Trace!.Context)).ToList();
        foreach (var queued in batch) End(queued.Trace?.SetTag("lopt.outcome", "merged").SetTag("lopt.outer_update", version));
        return _source.StartActivity("merge", ActivityKind.Internal, default(ActivityContext), links: links)?.SetTag("lopt.outer_update", version);
    }

    /// <summary>From the end of a merge until everybody has the new θ.</summary>
    public Activity? Publish(Activity? merge) =>
        merge is null ? null : Detached(_source.StartActivity("publish", ActivityKind.Producer, merge.Context)?.SetTag("lopt.outer_update", merge.GetTagItem("lopt.outer_update")));

    /// <summary>The span goes on after this call has left; what comes next on this thread is not its child.</summary>
    public static Activity? Detached(Activity? activity)
    {
        if (activity is not null) Activity.Current = null;
        return activity;
    }

    public static void End(Activity? activity)
    {
        var current = Activity.Current;
        activity?.Stop();
        Activity.Current = current == activity ? null : current;
    }

    public void Dispose() => _source.Dispose();
}
