using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Verification;

/// <summary>The gradients that a golden case lists, sample by sample, in place of those formed from losses.</summary>
internal sealed class GivenGradients(IReadOnlyList<IReadOnlyList<EstimatorGradient>> gradients) : IGradientFormation
{
    /// <summary>Samples that stand for the gradients: that of index i is problem i.</summary>
    public IReadOnlyList<GradientSample> Samples { get; } = [.. gradients.Select((_, i) => new GradientSample
    {
        Identity = new SampleIdentity(i, 0),
        ThetaVersion = 0,
        StartStep = 0,
        Steps = 1,
        Losses = [0, 0],
        ProblemFinished = false,
    })];

    public IReadOnlyList<EstimatorGradient> Gradients(GradientSample sample) => gradients[(int)sample.Identity.ProblemId];
}
