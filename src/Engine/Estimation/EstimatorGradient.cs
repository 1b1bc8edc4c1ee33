using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>One estimator's gradient from one sample, |θ| finite elements.</summary>
public readonly record struct EstimatorGradient(EstimatorId Estimator, ReadOnlyMemory<float> Values)
{
    /// <summary>The gradients of a sample that take part in a merge: g_rp only if it was computed and is finite, g_es always.</summary>
    public static IReadOnlyList<EstimatorGradient> Of(GradientSample sample) => sample.RpValid
        ? [new(EstimatorId.Rp, sample.GradientRp), new(EstimatorId.Es, sample.GradientEs)]
        : [new(EstimatorId.Es, sample.GradientEs)];
}
