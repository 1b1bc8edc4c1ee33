using System.Collections.Immutable;
using System.Globalization;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>The learned optimizers of App. D.1: one hidden layer, with one of the lists of inputs of <see cref="MlpShape"/>.</summary>
internal sealed class MlpFamily(OptimizerKind kind, string name, string title, MlpShape shape) : IOuterTrainableFamily
{
    public OptimizerKind Kind => kind;

    public string Name => name;

    public string Title => title;

    public ThetaLayout Theta { get; } = new(
        ("W1", [shape.Inputs, MlpShape.Hidden]),
        ("b1", [MlpShape.Hidden]),
        ("W2", [MlpShape.Hidden, MlpShape.Outputs]),
        ("b2", [MlpShape.Outputs]));

    public ImmutableArray<StateVector> State { get; } =
        [.. MlpShape.Decays.Select(beta => new StateVector(string.Create(CultureInfo.InvariantCulture, $"m_{beta}")))];

    /// <summary>W ~ N(0, 1/fan_in) truncated at 2σ, b = 0.</summary>
    public void InitializeTheta(ref RandomStream random, Span<float> theta)
    {
        theta.Clear();
        FillTruncated(ref random, theta[..shape.Bias1], shape.Inputs);
        FillTruncated(ref random, theta[shape.Weights2..shape.Bias2], MlpShape.Hidden);
    }

    /// <summary>The initial θ with a second layer of zeros.</summary>
    public float[] StillTheta(long seed)
    {
        float[] theta = ((IOuterTrainableFamily)this).InitialTheta(seed);
        theta.AsSpan(shape.Weights2).Clear();
        return theta;
    }

    public IOuterTrainableOptimizer Create(ParameterLayout layout, UpdateSettings settings) =>
        new MlpOptimizer(shape, layout, settings);

    private static void FillTruncated(ref RandomStream random, Span<float> weights, int fanIn)
    {
        double std = 1 / Math.Sqrt(fanIn);
        foreach (ref float weight in weights) weight = (float)(random.NextTruncatedNormal() * std);
    }
}
