using System.Diagnostics;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>The coordinator's part of a sample's way, as OpenTelemetry spans: worker (its own span) → queue → merge → publish.</summary>
/// <remarks>
/// queue is a child of the worker's span. merge is a trace of its own, as it has many parents: it links to every sample's queue span.
/// publish is its child and ends when θ has been offered to every worker. Owned by the run loop. Costs nothing without a listener.
/// </remarks>
internal sealed class SampleTraces : IDisposable
{
    private readonly ActivitySource _source = new(InstrumentNames.CoordinatorSource);

    /// <summary>
    /// Begins the span of a sample that has arrived; it ends with <see cref="Finish"/>, or with the merge that it is part of.
    /// </summary>
    public Activity? Queue(SampleReceived received)
    {
        if (!_source.HasListeners()) return null;
        ActivityContext.TryParse(received.TraceParent, null, isRemote: true, out var parent);
        return _source.StartActivity("queue", ActivityKind.Consumer, parent)?
            .SetTag("lopt.problem", received.Sample.Identity.ProblemId)
            .SetTag("lopt.truncation", received.Sample.Identity.Truncation)
            .SetTag("lopt.theta_version", received.Sample.ThetaVersion);
    }

    /// <summary>Ends the span of a sample that is not going to be merged.</summary>
    public static void Finish(Activity? queue, SampleVerdict verdict) =>
        End(queue?.SetTag("lopt.outcome", CoordinatorMetrics.LabelOf(verdict)));

    /// <summary>A batch is full: its queue spans end, and the span of the merge begins.</summary>
    public Activity? Merge(long version, IEnumerable<Activity?> queued)
    {
        if (!_source.HasListeners()) return null;
        Activity[] spans = [.. queued.OfType<Activity>()];
        var links = spans.Select(span => new ActivityLink(span.Context)).ToList();
        foreach (var span in spans) End(span.SetTag("lopt.outcome", "merged").SetTag("lopt.outer_update", version));
        return _source.StartActivity(
            "merge", ActivityKind.Internal, default(ActivityContext), links: links)?.SetTag("lopt.outer_update", version);
    }

    /// <summary>Begins the span from the end of a merge until every worker has been offered the new θ.</summary>
    public Activity? Publish(Activity? merge) =>
        merge is null
            ? null
            : Detached(_source.StartActivity("publish", ActivityKind.Producer, merge.Context)?
                .SetTag("lopt.outer_update", merge.GetTagItem("lopt.outer_update")));

    /// <summary>Takes a span off this thread: it continues, but what follows here is not its child.</summary>
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
