using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>The gradients that were measured in the unroll, and no others.</summary>
internal sealed class MeasuredFormation : IGradientFormation
{
    public IReadOnlyList<EstimatorGradient> Gradients(GradientSample sample) =>
        [.. sample.Gradients.Where(g => g.IsFinite).Select(g => new EstimatorGradient(g.Estimator, g.Values))];
}
