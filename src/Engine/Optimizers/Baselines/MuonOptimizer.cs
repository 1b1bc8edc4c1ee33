using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Optimizers.HandDesigned;
using LoptCluster.Engine.Parameters;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.Baselines;

/// <summary>
/// Muon for the weights of hidden layers and AdamW for all else (Jordan et al. 2024, KellerJordan/Muon, MuonWithAuxAdam), with linear
/// warm-up and cosine for both. θ = (ln rate, ln(1 − μ), ln rate of AdamW, ln(1 − β1), ln(1 − β2), ln ε, λ, warm-up).
/// </summary>
/// <remarks>
/// Hidden weight: a tensor with two axes or more that is neither the first of those (input layer or embedding) nor the last (output layer).
/// It is taken as a matrix of inputs and outputs: a kernel [kh, kw, in, out] as [kh·kw·in, out]. m ← μ m + (1 − μ) g;
/// u = (1 − μ) g + μ m; w ← (1 − rate(t) λ) w − rate(t) √max(1, outputs / inputs) · <see cref="NewtonSchulz"/>(u). A net of fewer than
/// three such tensors is trained by AdamW alone. The reference takes kh / kw of a kernel for outputs / inputs, which is the same as long as
/// a kernel has no more outputs than kh·kw·in.
/// </remarks>
internal sealed unsafe class MuonOptimizer : IInnerOptimizer
{
    /// <summary>Index in θ of ln rate of AdamW, which its other three follow.</summary>
    private const int AdamIndex = 2;

    private readonly ParameterLayout _layout;
    private readonly UpdateSettings _settings;
    private readonly ImmutableArray<Part> _parts;
    private readonly NewtonSchulz? _orthogonal;
    private readonly float[] _update;

    public MuonOptimizer(ParameterLayout layout, UpdateSettings settings)
    {
        (_layout, _settings) = (layout, settings);
        ParameterTensor[] weights = [.. layout.Tensors.Where(t => t.Shape.Length >= 2)];
        var hidden = weights.Length > 2 ? weights[1..^1] : [];
        _parts = [.. layout.Tensors.Select(t => hidden.Contains(t) ? Hidden(t, layout.OutputsFirst) : new Part(t, 0, 0, 0))];
        (int, int)[] shapes = [.. _parts.Where(p => p.IsHidden).Select(p => (p.Rows, p.Columns))];
        if (shapes.Length > 0) _orthogonal = new NewtonSchulz(shapes);
        _update = new float[hidden.Select(t => t.PaddedLength).DefaultIfEmpty().Max()];
    }

    /// <summary>Values of the usage in the reference's README; μ and ε are the defaults of its code.</summary>
    public static ImmutableArray<HyperParameter> HyperParameters { get; } =
    [
        BaselineHyperParameters.Rate(0.02),
        BaselineHyperParameters.Beta(0.95, "momentum"),
        BaselineHyperParameters.Rate(3e-4, "adamLearningRate"),
        BaselineHyperParameters.Beta(0.9, "beta1"),
        BaselineHyperParameters.Beta(0.95, "beta2"),
        BaselineHyperParameters.Epsilon(1e-10),
        .. BaselineHyperParameters.DecayAndWarmup(weightDecay: 0.01),
    ];

    /// <summary>Momentum, and the second moment of AdamW, which is 0 for hidden weights.</summary>
    public static ImmutableArray<StateVector> State { get; } = [new("m"), new("v", NonNegative: true)];

    public int ThetaLength => HyperParameters.Length;

    public int StateVectors => State.Length;

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, _layout, theta, g, w, m);
        double factor = Warmup.ThenCosine(theta[^1], t, _settings.InnerSteps);
        var adam = AdamConstants.Of(theta.Slice(AdamIndex, 4), factor, t);
        var values = DoubleMath.Exp(Vector512.Create(theta[0], theta[1], 0.0, 0, 0, 0, 0, 0));
        double rate = Limited.Scale(values[0]).Value * factor, oneMinusMu = Limited.OneMinusBeta(values[1]).Value;
        float decay = WeightDecay.Of(rate, theta[^2]), adamDecay = WeightDecay.Of(adam.Rate.Value, theta[^2]);
        foreach (var part in _parts)
        {
            int from = part.Tensor.Offset, length = part.Tensor.PaddedLength;
            ReadOnlySpan<float> gradient = g.Slice(from, length);
            Span<float> weights = w.Slice(from, length), momentum = m.Slice(from, length);
            if (!part.IsHidden)
            {
                AdamKernels.Update(adam, adamDecay, nesterov: false, gradient, weights, momentum, m.Slice(g.Length + from, length));
                continue;
            }

            Span<float> update = _update.AsSpan(0, length);
            Accelerate(oneMinusMu, gradient, momentum, update);
            _orthogonal!.Orthogonalize(update, part.Rows, part.Columns);
            Step((float)(rate * part.Scale), decay, update, weights);
        }
    }

    public void Dispose() => _orthogonal?.Dispose();

    private static Part Hidden(ParameterTensor tensor, bool outputsFirst)
    {
        int outputs = outputsFirst ? tensor.Shape[0] : tensor.Shape[^1], inputs = tensor.Length / outputs;
        double scale = Math.Sqrt(Math.Max(1, outputs / (double)inputs));
        return outputsFirst ? new Part(tensor, outputs, inputs, scale) : new Part(tensor, inputs, outputs, scale);
    }

    /// <summary>Computes m ← μ m + (1 − μ) g and Nesterov's update μ m + (1 − μ) g. Lengths are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Accelerate(double oneMinusMu, ReadOnlySpan<float> g, Span<float> m, Span<float> update)
    {
        V mu = Vector512.Create((float)(1 - oneMinusMu)), oneMinus = Vector512.Create((float)oneMinusMu);
        fixed (float* gs = g, ms = m, updates = update)
        {
            for (int i = 0; i < g.Length; i += ParameterLayout.Padding)
            {
                V part = oneMinus * Vector512.Load(gs + i), next = Vector512.FusedMultiplyAdd(mu, Vector512.Load(ms + i), part);
                next.Store(ms + i);
                Vector512.FusedMultiplyAdd(mu, next, part).Store(updates + i);
            }
        }
    }

    /// <summary>Computes w ← w − decay · w − rate · update. Lengths are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Step(float rate, float decay, ReadOnlySpan<float> update, Span<float> w)
    {
        V minusRate = Vector512.Create(-rate), minusDecay = Vector512.Create(-decay);
        fixed (float* updates = update, ws = w)
        {
            for (int i = 0; i < w.Length; i += ParameterLayout.Padding)
            {
                V before = Vector512.Load(ws + i), decayed = Vector512.FusedMultiplyAdd(minusDecay, before, before);
                Vector512.FusedMultiplyAdd(minusRate, Vector512.Load(updates + i), decayed).Store(ws + i);
            }
        }
    }

    /// <summary>A tensor; for a hidden weight the matrix that it is, as it lies in memory, and √max(1, outputs / inputs).</summary>
    private readonly record struct Part(ParameterTensor Tensor, int Rows, int Columns, double Scale)
    {
        public bool IsHidden => Rows > 0;
    }
}
