using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Tests.OuterTraining;

/// <summary>Samples of a θ with three elements for outer-updates, with numbers that follow from their arguments.</summary>
internal static class UpdateSamples
{
    public static GradientSample Of(long problem, int truncation, long version = 0) => WithRp(
        new GradientSample
        {
            Identity = new SampleIdentity(problem, truncation),
            ThetaVersion = version,
            StartStep = truncation * 5,
            Steps = 5,
            Losses = [1 + problem, 2 + truncation],
            ProblemFinished = false,
        },
        [problem, truncation, 1]);

    public static GradientSample WithRp(GradientSample sample, float[] values) =>
        sample with { Gradients = [MeasuredGradient.Of(EstimatorId.Rp, values, TimeSpan.Zero)] };

    /// <summary>Settings with g_es = (truncation, problem, −1) in place of the one that is formed from the losses.</summary>
    public static OuterUpdateOptions Options(RunSpecification specification) =>
        OuterUpdateOptions.From(specification, new ThetaLayout(("theta", [3]))) with
        {
            Formation = new GivenEs(s => [s.Identity.Truncation, s.Identity.ProblemId, -1]),
        };
}
