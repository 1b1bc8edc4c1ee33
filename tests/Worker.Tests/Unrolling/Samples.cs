using System.Diagnostics;
using LoptCluster.Shared.Run;
using LoptCluster.Worker.Reports;

namespace LoptCluster.Worker.Tests.Unrolling;

/// <summary>Samples whose gradients do not matter.</summary>
internal static class Samples
{
    public static GradientSample Of(long problemId, int truncation, long thetaVersion = 0, bool finished = false) => new()
    {
        Identity = new SampleIdentity(problemId, truncation),
        ThetaVersion = thetaVersion,
        StartStep = 10 * truncation,
        Steps = 10,
        Losses = [1, 2],
        ProblemFinished = finished,
    };

    public static OutboundMessage.Measured Measured(GradientSample sample, Activity? trace = null) => new(sample, "hash", trace);
}
