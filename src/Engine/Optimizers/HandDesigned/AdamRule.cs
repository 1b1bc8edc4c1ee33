using System.Collections.Immutable;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>
/// Adam, bias-corrected, with ε outside the root (Fig. 2d, 3, 18). θ = (ln rate, ln(1 − β1), ln(1 − β2), ln ε), which start at the defaults
/// of Kingma and Ba 2015.
/// </summary>
internal sealed class AdamRule : UpdateRule
{
    public override ImmutableArray<HyperParameter> HyperParameters { get; } =
    [
        HandDesigned.HyperParameters.LearningRate,
        new("beta1", 0.9, HyperParameterTransform.LogOneMinus),
        new("beta2", 0.999, HyperParameterTransform.LogOneMinus),
        new("epsilon", 1e-8, HyperParameterTransform.Log),
    ];

    public override ImmutableArray<StateVector> State { get; } = [new("m"), new("v", NonNegative: true)];

    public override void Update(ReadOnlySpan<float> theta, double decay, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m) =>
        AdamKernels.Update(AdamConstants.Of(theta, decay, t), decay: 0, nesterov: false, g, w, m[..g.Length], m[g.Length..]);

    public override void PullBack(in MadeUpdate update, double decay, in UpdateCotangents cotangents)
    {
        var c = AdamConstants.Of(update.Theta, decay, update.T);
        var theta = AdamKernels.PullBack(c, update.G, update.M, update.MNext, cotangents.W, cotangents.M, cotangents.G);
        c.AddThetaCotangent(theta, cotangents.Theta);
    }
}
