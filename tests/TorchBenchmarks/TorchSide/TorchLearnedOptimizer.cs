using LoptCluster.Shared.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>The learned optimizer of App. D.1 in tensor operations: all inner-parameters at once, any of it differentiable.</summary>
/// <remarks>
/// Rows of parameters, so that every operation runs along memory. Time features go into the hidden bias, once a step. Scalars live in
/// fields: TorchSharp does not keep one alive while libtorch reads it, and a garbage collection then takes it away in the middle of a call.
/// </remarks>
internal sealed class TorchLearnedOptimizer
{
    private const int Hidden = 32, Vectors = 7;
    private static readonly double[] Decays = [0.5, 0.9, 0.99, 0.999, 0.9999];
    private static readonly double[] Timescales = [3, 10, 30, 100, 300, 1e3, 3e3, 1e4, 3e5];

    private readonly ITorchNormalizer _normalizer;
    private readonly Tensor _take = tensor(Decays.Select(d => (float)(1 - d)).ToArray(), [Decays.Length, 1]);
    private readonly Scalar _minusStepScale;
    private readonly Scalar _exponentScale;

    public TorchLearnedOptimizer(RunSpecification specification, ITorchNormalizer normalizer)
    {
        _normalizer = normalizer;
        _minusStepScale = -specification.StepScale;
        _exponentScale = specification.ExponentScale;
    }

    /// <summary>The parts of θ that the update reads, cut once a truncation.</summary>
    public static Theta Cut(Tensor theta)
    {
        var parts = theta.split([Vectors * Hidden, Timescales.Length * Hidden, Hidden, 2 * Hidden, 2]);
        return new Theta(
            parts[0].view(Vectors, Hidden).t(), parts[1].view(Timescales.Length, Hidden).t(), parts[2], parts[3].view(Hidden, 2).t(),
            parts[4].view(2, 1));
    }

    /// <summary>(w, m) of the next step.</summary>
    /// <param name="theta">Of <see cref="Cut"/>.</param>
    /// <param name="t">Step before the update.</param>
    /// <param name="g">[P].</param>
    /// <param name="w">[P].</param>
    /// <param name="m">[5, P].</param>
    public (Tensor W, Tensor M) Update(Theta theta, long t, Tensor g, Tensor w, Tensor m)
    {
        m = m.lerp(g, _take);
        var inputs = _normalizer.Normalize(cat([g.unsqueeze(0), m, w.unsqueeze(0)]));
        var bias = addmv(theta.Bias1, theta.TimeWeights, Time(t), 1, 1).unsqueeze(1);
        var hidden = addmm(bias, theta.VectorWeights, inputs, 1, 1).relu();
        var outputs = addmm(theta.Bias2, theta.Weights2, hidden, 1, 1).unbind();
        return (w.addcmul(outputs[0], outputs[1].mul(_exponentScale).exp(), _minusStepScale), m);
    }

    private static Tensor Time(long t) => tensor(Timescales.Select(s => (float)Math.Tanh((t / s) - 1)).ToArray());

    internal sealed record Theta(Tensor VectorWeights, Tensor TimeWeights, Tensor Bias1, Tensor Weights2, Tensor Bias2);
}
