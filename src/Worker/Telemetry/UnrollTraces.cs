using System.Diagnostics;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Telemetry;

/// <summary>The worker's part of a sample's way, as OpenTelemetry spans: sample, until it is acknowledged, with unroll inside.</summary>
/// <remarks>The sample carries the context of its span to the coordinator. Costs nothing while nobody listens.</remarks>
internal sealed class UnrollTraces : IDisposable
{
    private readonly ActivitySource _source = new(InstrumentNames.WorkerSource);

    /// <summary>A slot takes a problem up. Current on this thread until <see cref="Leave"/>.</summary>
    public Activity? Sample(long problem, int truncation, long thetaVersion) => _source.StartActivity("sample", ActivityKind.Producer, default(ActivityContext))?
        .SetTag("lopt.problem", problem)
        .SetTag("lopt.truncation", truncation)
        .SetTag("lopt.theta_version", thetaVersion);

    public Activity? Unroll() => Activity.Current is null ? null : _source.StartActivity("unroll");

    /// <summary>Says what was computed; the span goes on after this thread has left it.</summary>
    public static void Leave(Activity? sample, GradientSample computed)
    {
        sample?.SetTag("lopt.steps", computed.Steps).SetTag("lopt.rp_valid", computed.RpValid);
        Activity.Current = null;
    }

    /// <summary>Acknowledged, or thrown away.</summary>
    public static void End(Activity? sample, string outcome)
    {
        if (sample is null) return;
        var current = Activity.Current;
        sample.SetTag("lopt.outcome", outcome).Stop();
        Activity.Current = current == sample ? null : current;
    }

    public void Dispose() => _source.Dispose();
}
