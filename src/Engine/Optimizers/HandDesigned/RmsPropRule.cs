using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>RMSProp with TensorFlow's form: β = 0.9, ε inside the root, no momentum (§4.4). θ = (ln rate, ln ε).</summary>
internal sealed class RmsPropRule : UpdateRule
{
    /// <summary>ε starts at TensorFlow's default, that of the baseline.</summary>
    public override ImmutableArray<HyperParameter> HyperParameters { get; } =
        [HandDesigned.HyperParameters.LearningRate, new("epsilon", 1e-10, HyperParameterTransform.Log)];

    public override ImmutableArray<StateVector> State { get; } = [new("v", NonNegative: true)];

    public override void Update(ReadOnlySpan<float> theta, double decay, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        var (rate, epsilon) = Values(theta);
        RmsPropKernels.Update((float)(rate.Value * decay), (float)epsilon.Value, g, w, m);
    }

    public override void PullBack(in MadeUpdate update, double decay, in UpdateCotangents cotangents)
    {
        var (rate, epsilon) = Values(update.Theta);
        double step = rate.Value * decay;
        var (byRate, byEpsilon) = RmsPropKernels.PullBack(
            step, epsilon.Value, update.G, update.MNext, cotangents.W, cotangents.M, cotangents.G);
        cotangents.Theta[0] += rate.PullBack(step * byRate);
        cotangents.Theta[1] += epsilon.PullBack(epsilon.Value * byEpsilon);
    }

    private static (Limited Rate, Limited Epsilon) Values(ReadOnlySpan<float> theta)
    {
        var values = DoubleMath.Exp(Vector512.Create(theta[0], theta[1], 0.0, 0, 0, 0, 0, 0));
        return (Limited.Scale(values[0]), Limited.Epsilon(values[1]));
    }
}
