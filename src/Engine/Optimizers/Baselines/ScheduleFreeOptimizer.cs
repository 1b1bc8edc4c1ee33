using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Optimizers.HandDesigned;
using LoptCluster.Engine.Parameters;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.Baselines;

/// <summary>
/// Schedule-Free AdamW (Defazio et al. 2024, algorithm 1, as AdamWScheduleFree of facebookresearch/schedule_free), with linear
/// warm-up. θ = (ln rate, ln(1 − β1), ln(1 − β2), ln ε, λ, warm-up).
/// </summary>
/// <remarks>
/// With y = (1 − β1) z + β1 x, where g is taken: v ← β2 v + (1 − β2) g²; u = g / (√(v / (1 − β2ⁿ)) + ε) + λ y; z ← z − γ u;
/// x ← (1 − c) x + c z, c = γ² / Σ γ² over the steps so far, γ = rate · min(1, n / W), n = t + 1. w is y, and losses count at x
/// (<see cref="EvaluationPoint"/>). The state holds s = z − x, which is 0 at the start: s ← (1 − c) (s − γ u);
/// y ← y + c β1 s − (1 − β1 (1 − c)) γ u; x = y − (1 − β1) s. The paper's algorithm puts √(1 − β2ⁿ) into γ, and so into c and the decay;
/// its authors' package no longer does, because that was unstable on some problems.
/// </remarks>
internal sealed unsafe class ScheduleFreeOptimizer(ParameterLayout layout, UpdateSettings settings) : IInnerOptimizer
{
    private readonly float[] _x = new float[layout.PaddedLength];

    /// <summary>Defaults of the package.</summary>
    public static ImmutableArray<HyperParameter> HyperParameters { get; } =
        BaselineHyperParameters.AdamW(2.5e-3, 0.9, 0.999, 1e-8, weightDecay: 0);

    public static ImmutableArray<StateVector> State { get; } = [new("z-x"), new("v", NonNegative: true)];

    public int ThetaLength => HyperParameters.Length;

    public int StateVectors => State.Length;

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, layout, theta, g, w, m);
        var (factor, weight) = Warmup.ThenConstant(theta[^1], t, settings.InnerSteps);
        Step(AdamConstants.Of(theta, factor, t), weight, Math.Max(0, theta[^2]), g, w, m[..g.Length], m[g.Length..]);
    }

    /// <summary>Vector x, the average of z.</summary>
    public ReadOnlySpan<float> EvaluationPoint(ReadOnlySpan<float> theta, ReadOnlySpan<float> w, ReadOnlySpan<float> m)
    {
        UpdateLengths.Check(this, layout, theta, w, w, m);
        w.CopyTo(_x);
        VectorKernels.AddScaled(-(float)AdamConstants.Of(theta, decay: 1, t: 0).OneMinusBeta1.Value, m[..w.Length], _x);
        return _x;
    }

    public void Dispose()
    {
    }

    /// <summary>One fused pass over y (w), s and v. Lengths are multiples of 16; zero padding stays zero.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Step(
        in AdamConstants c, double weight, float weightDecay, ReadOnlySpan<float> g, Span<float> w, Span<float> s, Span<float> v)
    {
        double momentum = 1 - c.OneMinusBeta1.Value;
        V beta2 = Vector512.Create((float)(1 - c.OneMinusBeta2.Value)), oneMinusBeta2 = Vector512.Create((float)c.OneMinusBeta2.Value);
        V eps = Vector512.Create((float)c.Epsilon.Value), inverseBias2 = Vector512.Create((float)(1 / c.Bias2));
        V rate = Vector512.Create((float)c.Rate.Value), lambda = Vector512.Create(weightDecay);
        V keep = Vector512.Create((float)(1 - weight));
        V towardsZ = Vector512.Create((float)(weight * momentum)), along = Vector512.Create((float)((momentum * (1 - weight)) - 1));
        fixed (float* gs = g, ws = w, ss = s, vs = v)
        {
            for (int i = 0; i < g.Length; i += ParameterLayout.Padding)
            {
                V x = Vector512.Load(gs + i), y = Vector512.Load(ws + i), difference = Vector512.Load(ss + i);
                V second = Vector512.FusedMultiplyAdd(beta2, Vector512.Load(vs + i), oneMinusBeta2 * x * x);
                second.Store(vs + i);
                V step = rate * Vector512.FusedMultiplyAdd(lambda, y, x / (Vector512.Sqrt(second * inverseBias2) + eps));
                (keep * (difference - step)).Store(ss + i);
                Vector512.FusedMultiplyAdd(along, step, Vector512.FusedMultiplyAdd(towardsZ, difference, y)).Store(ws + i);
            }
        }
    }
}
