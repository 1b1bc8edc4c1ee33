using LoptCluster.Shared.Run;
using LoptCluster.TestKit;

namespace LoptCluster.Coordinator.Tests;

/// <summary>Samples that nobody computed.</summary>
internal static class Fabricated
{
    public const int ThetaLength = 3;

    public static GradientSample Sample(long problem, int truncation, long version = 0) => new()
    {
        Identity = new SampleIdentity(problem, truncation),
        ThetaVersion = version,
        StartStep = truncation * SmallRun.Steps,
        Steps = SmallRun.Steps,
        PositiveLoss = 1 + problem,
        NegativeLoss = 2 + truncation,
        RpComputed = true,
        RpValid = true,
        GradientRp = new float[] { problem, truncation, 1 },
        GradientEs = new float[] { truncation, problem, -1 },
        ProblemFinished = false,
        Elapsed = TimeSpan.FromSeconds(0.25),
        ElapsedRp = TimeSpan.FromSeconds(0.125),
    };
}
