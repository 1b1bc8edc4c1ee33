using System.Collections.Immutable;
using System.Globalization;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>The learned optimizers of App. D.1: one hidden layer, one of two lists of inputs.</summary>
internal sealed class MlpFamily(OptimizerKind kind, string name, string title, MlpForm form) : IOuterTrainableFamily
{
    public OptimizerKind Kind => kind;

    public string Name => name;

    public string Title => title;

    public ThetaLayout Theta { get; } = new(
        ("W1", [form.Inputs, MlpForm.Hidden]),
        ("b1", [MlpForm.Hidden]),
        ("W2", [MlpForm.Hidden, MlpForm.Outputs]),
        ("b2", [MlpForm.Outputs]));

    public ImmutableArray<StateVector> State { get; } =
        [.. MlpForm.Decays.Select(beta => new StateVector(string.Create(CultureInfo.InvariantCulture, $"m_{beta}")))];

    /// <summary>W ~ N(0, 1/fan_in) truncated at 2σ, b = 0.</summary>
    public void InitializeTheta(ref RandomStream random, Span<float> theta)
    {
        theta.Clear();
        FillTruncated(ref random, theta[..form.Bias1], form.Inputs);
        FillTruncated(ref random, theta[form.Weights2..form.Bias2], MlpForm.Hidden);
    }

    /// <summary>The initial θ with a second layer of zeros.</summary>
    public float[] StillTheta(long seed)
    {
        float[] theta = ((IOuterTrainableFamily)this).InitialTheta(seed);
        theta.AsSpan(form.Weights2).Clear();
        return theta;
    }

    public ILearnedOptimizer Create(ParameterLayout layout, UpdateSettings settings) =>
        new MlpOptimizer(form, layout, settings.StepScale, settings.ExponentScale);

    private static void FillTruncated(ref RandomStream random, Span<float> weights, int fanIn)
    {
        double std = 1 / Math.Sqrt(fanIn);
        foreach (ref float weight in weights) weight = (float)(random.NextTruncatedNormal() * std);
    }
}
