using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Optimizers.HandDesigned;
using LoptCluster.Engine.Parameters;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.Baselines;

/// <summary>
/// Lion (Chen et al. 2023, algorithm 2, as google/automl has it), with linear warm-up and cosine. θ = (ln rate, ln(1 − β1), ln(1 − β2), λ,
/// warm-up).
/// </summary>
/// <remarks>w ← (1 − rate(t) λ) w − rate(t) sign(β1 m + (1 − β1) g), sign 0 = 0; then m ← β2 m + (1 − β2) g.</remarks>
internal sealed unsafe class LionOptimizer(ParameterLayout layout, UpdateSettings settings) : IInnerOptimizer
{
    /// <summary>Defaults of google/automl's lion_pytorch.py.</summary>
    public static ImmutableArray<HyperParameter> HyperParameters { get; } =
    [
        BaselineHyperParameters.Rate(1e-4),
        BaselineHyperParameters.Beta(0.9, "beta1"),
        BaselineHyperParameters.Beta(0.99, "beta2"),
        .. BaselineHyperParameters.DecayAndWarmup(weightDecay: 0),
    ];

    public static ImmutableArray<StateVector> State { get; } = [new("m")];

    public int ThetaLength => HyperParameters.Length;

    public int StateVectors => State.Length;

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, layout, theta, g, w, m);
        var values = DoubleMath.Exp(Vector512.Create(theta[0], theta[1], theta[2], 0.0, 0, 0, 0, 0));
        double rate = Limited.Scale(values[0]).Value * Warmup.ThenCosine(theta[^1], t, settings.InnerSteps);
        Step(
            (float)rate,
            WeightDecay.Of(rate, theta[^2]),
            Limited.OneMinusBeta(values[1]).Value,
            Limited.OneMinusBeta(values[2]).Value,
            g,
            w,
            m);
    }

    public void Dispose()
    {
    }

    /// <summary>One fused pass. Lengths are multiples of 16; zero padding stays zero. A sum of NaN has the sign NaN.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Step(
        float rate, float decay, double oneMinusBeta1, double oneMinusBeta2, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        V beta1 = Vector512.Create((float)(1 - oneMinusBeta1)), gradient1 = Vector512.Create((float)oneMinusBeta1);
        V beta2 = Vector512.Create((float)(1 - oneMinusBeta2)), gradient2 = Vector512.Create((float)oneMinusBeta2);
        V minusRate = Vector512.Create(-rate), minusDecay = Vector512.Create(-decay);
        fixed (float* gs = g, ws = w, ms = m)
        {
            for (int i = 0; i < g.Length; i += ParameterLayout.Padding)
            {
                V x = Vector512.Load(gs + i), momentum = Vector512.Load(ms + i), before = Vector512.Load(ws + i);
                V sum = Vector512.FusedMultiplyAdd(beta1, momentum, gradient1 * x);
                V sign = Vector512.ConditionalSelect(
                    Vector512.GreaterThan(Vector512.Abs(sum), V.Zero), Vector512.CopySign(V.One, sum), sum);
                V decayed = Vector512.FusedMultiplyAdd(minusDecay, before, before);
                Vector512.FusedMultiplyAdd(minusRate, sign, decayed).Store(ws + i);
                Vector512.FusedMultiplyAdd(beta2, momentum, gradient2 * x).Store(ms + i);
            }
        }
    }
}
