using LoptCluster.Coordinator.Store;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;

namespace LoptCluster.Coordinator.Tests;

/// <summary>Samples with numbers that follow from their arguments.</summary>
internal static class Fabricated
{
    public const int ThetaLength = 3;

    public static GradientSample Sample(long problem, int truncation, long version = 0) => new()
    {
        Identity = new SampleIdentity(problem, truncation),
        ThetaVersion = version,
        StartStep = truncation * SmallRun.Steps,
        Steps = SmallRun.Steps,
        Losses = [1 + problem, 2 + truncation],
        Gradients = [Rp(problem, truncation, 1)],
        ProblemFinished = false,
        Elapsed = TimeSpan.FromSeconds(0.25),
    };

    /// <summary>Adds a sample of a worker at the beginning of time.</summary>
    public static void AddSample(this RunWriter writer, GradientSample sample, bool counted) =>
        writer.AddSample(sample, counted, "worker", DateTimeOffset.UnixEpoch);

    public static InnerState State(long problem) => new()
    {
        ProblemId = problem,
        Horizon = 4 * SmallRun.Steps,
        Particles = [new Particle([1, 2, 3, problem], [4, 5, 6, 7])],
    };

    public static MeasuredGradient Rp(params float[] values) => MeasuredGradient.Of(EstimatorId.Rp, values, TimeSpan.FromSeconds(0.125));
}
