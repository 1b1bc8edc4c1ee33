using System.Diagnostics;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Telemetry;

/// <summary>The worker's OpenTelemetry spans of a sample: "sample", which lasts until the acknowledgement, with "unroll" inside.</summary>
/// <remarks>The sample carries the context of its span to the coordinator. Free of cost while no listener collects traces.</remarks>
internal sealed class UnrollTraces : IDisposable
{
    private readonly ActivitySource _source = new(InstrumentNames.WorkerSource);

    /// <summary>Starts the span of a sample, which is current on this thread until <see cref="Detach"/>.</summary>
    public Activity? StartSample(long problem, int truncation, long thetaVersion) => _source
        .StartActivity("sample", ActivityKind.Producer, default(ActivityContext))?
        .SetTag("lopt.problem", problem)
        .SetTag("lopt.truncation", truncation)
        .SetTag("lopt.theta_version", thetaVersion);

    public Activity? StartUnroll() => Activity.Current is null ? null : _source.StartActivity("unroll");

    /// <summary>Records what was computed and leaves the span, which stays open, from this thread.</summary>
    public static void Detach(Activity? span, GradientSample computed)
    {
        span?.SetTag("lopt.steps", computed.Steps).SetTag("lopt.rp_valid", computed.Gradients.Any(g => g.IsFinite));
        Activity.Current = null;
    }

    /// <summary>Ends the span of a sample that was acknowledged or discarded.</summary>
    public static void End(Activity? span, string outcome)
    {
        if (span is null) return;
        var current = Activity.Current;
        span.SetTag("lopt.outcome", outcome).Stop();
        Activity.Current = current == span ? null : current;
    }

    public void Dispose() => _source.Dispose();
}
