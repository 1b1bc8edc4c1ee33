using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Tests.OuterTraining;

/// <summary>Samples of a θ with three elements for outer-updates, with numbers that follow from their arguments.</summary>
internal static class UpdateSamples
{
    public static GradientSample Of(long problem, int truncation, long version = 0) => new()
    {
        Identity = new SampleIdentity(problem, truncation),
        ThetaVersion = version,
        StartStep = truncation * 5,
        Steps = 5,
        PositiveLoss = 1 + problem,
        NegativeLoss = 2 + truncation,
        RpComputed = true,
        RpValid = true,
        GradientRp = new float[] { problem, truncation, 1 },
        GradientEs = new float[] { truncation, problem, -1 },
        ProblemFinished = false,
    };
}
