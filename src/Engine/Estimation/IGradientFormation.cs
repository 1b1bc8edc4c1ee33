using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>
/// The side of a gradient estimator that needs no unroll: the gradients of a sample, from its losses and the gradients that it carries.
/// </summary>
/// <remarks>
/// Pure and thread-safe: the same sample gives the same bits on any machine. Because perturbations come from the counter-based generator,
/// gradients such as g_es are formed where samples are merged; they are neither sent nor stored.
/// </remarks>
public interface IGradientFormation
{
    /// <summary>Every finite gradient of a sample, |θ| elements each.</summary>
    IReadOnlyList<EstimatorGradient> Gradients(GradientSample sample);
}
