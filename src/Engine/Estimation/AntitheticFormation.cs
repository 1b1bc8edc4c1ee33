using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>The gradients of an antithetic pair: ½ (L⁺ − L⁻) d / σ², and those that were measured in the unroll.</summary>
/// <param name="options">With the source of d: e of the truncation, or what the estimator puts in its place.</param>
/// <param name="estimator">Estimator that the formed gradient belongs to.</param>
internal sealed class AntitheticFormation(EstimatorOptions options, EstimatorId estimator) : IGradientFormation
{
    private readonly MeasuredFormation _measured = new();

    public IReadOnlyList<EstimatorGradient> Gradients(GradientSample sample) =>
        [.. _measured.Gradients(sample), new EstimatorGradient(estimator, Form(sample))];

    private float[] Form(GradientSample sample)
    {
        double std = options.Perturbations.Std;
        double coefficient = options.Factor * (sample.Losses[0] - sample.Losses[1]) / (std * std);
        float[] gradient = new float[options.ThetaLength];
        options.Perturbations.Fill(sample.Identity, gradient);
        for (int i = 0; i < gradient.Length; i++) gradient[i] = (float)(coefficient * gradient[i]);
        return gradient;
    }
}
