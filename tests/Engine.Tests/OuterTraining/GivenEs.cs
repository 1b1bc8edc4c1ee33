using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Tests.OuterTraining;

/// <summary>Forms a given g_es beside the measured gradients.</summary>
internal sealed class GivenEs(Func<GradientSample, float[]> es) : IGradientFormation
{
    public IReadOnlyList<EstimatorGradient> Gradients(GradientSample sample) =>
    [
        .. sample.Gradients.Where(g => g.IsFinite).Select(g => new EstimatorGradient(g.Estimator, g.Values)),
        new EstimatorGradient(EstimatorId.Es, es(sample)),
    ];
}
