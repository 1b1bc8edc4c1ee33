using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>The gradients of an antithetic pair: ½ (L⁺ − L⁻) e / σ², and those that were measured in the unroll.</summary>
/// <param name="options">With the source of e.</param>
/// <param name="estimator">Estimator that the formed gradient belongs to.</param>
internal sealed class AntitheticFormation(EstimatorOptions options, EstimatorId estimator) : IGradientFormation
{
    public IReadOnlyList<EstimatorGradient> Gradients(GradientSample sample) =>
    [
        .. sample.Gradients.Where(g => g.IsFinite).Select(g => new EstimatorGradient(g.Estimator, g.Values)),
        new EstimatorGradient(estimator, Form(sample)),
    ];

    private float[] Form(GradientSample sample)
    {
        double std = options.Perturbations.Std;
        double coefficient = options.Factor * (sample.Losses[0] - sample.Losses[1]) / (std * std);
        float[] e = new float[options.ThetaLength];
        options.Perturbations.Fill(sample.Identity, e);
        for (int i = 0; i < e.Length; i++) e[i] = (float)(coefficient * e[i]);
        return e;
    }
}
