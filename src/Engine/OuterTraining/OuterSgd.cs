namespace LoptCluster.Engine.OuterTraining;

/// <summary>Gradient descent as outer-optimizer (Algorithm 1, App. I): θ ← θ − rate · g. Its state is the count of updates.</summary>
public sealed record OuterSgd : IOuterOptimizer
{
    public int StateVectors => 0;

    public (float[] Theta, OuterOptimizerState State) Step(
        ReadOnlySpan<float> theta, ReadOnlySpan<double> gradient, double learningRate, OuterOptimizerState state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, theta.Length);
        float[] next = new float[theta.Length];
        for (int i = 0; i < theta.Length; i++) next[i] = (float)(theta[i] - (learningRate * gradient[i]));
        return (next, state with { Step = state.Step + 1 });
    }
}
