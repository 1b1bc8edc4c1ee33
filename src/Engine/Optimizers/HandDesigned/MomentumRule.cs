using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>
/// SGD with momentum, v ← μ v + g: heavy-ball w ← w − rate · v (Fig. 2, App. B), or Nesterov's w ← w − rate · (g + μ v). θ = (ln rate,
/// ln(1 − μ)), 0 ≤ μ &lt; 1.
/// </summary>
internal sealed class MomentumRule(bool nesterov) : UpdateRule
{
    /// <summary>μ starts at 0.9, that of the baseline (§4.4).</summary>
    public override ImmutableArray<HyperParameter> HyperParameters { get; } =
        [HandDesigned.HyperParameters.LearningRate, new("momentum", 0.9, HyperParameterTransform.LogOneMinus)];

    public override ImmutableArray<StateVector> State { get; } = [new("v")];

    public override void Update(ReadOnlySpan<float> theta, double decay, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        var (rate, oneMinusMu) = Values(theta);
        MomentumKernels.Update((float)(rate.Value * decay), (float)(1 - oneMinusMu.Value), nesterov, g, w, m);
    }

    public override void PullBack(in MadeUpdate update, double decay, in UpdateCotangents cotangents)
    {
        var (rate, oneMinusMu) = Values(update.Theta);
        double step = rate.Value * decay;
        var (byRate, byMu) = MomentumKernels.PullBack(
            (float)step,
            (float)(1 - oneMinusMu.Value),
            nesterov,
            update.G,
            update.M,
            update.MNext,
            cotangents.W,
            cotangents.M,
            cotangents.G);
        cotangents.Theta[0] += rate.PullBack(step * byRate);
        cotangents.Theta[1] += oneMinusMu.PullBack(-oneMinusMu.Value * byMu);
    }

    private static (Limited Rate, Limited OneMinusMu) Values(ReadOnlySpan<float> theta)
    {
        var values = DoubleMath.Exp(Vector512.Create(theta[0], theta[1], 0.0, 0, 0, 0, 0, 0));
        return (Limited.Scale(values[0]), Limited.OneMinusBeta(values[1]));
    }
}
