namespace LoptCluster.Engine.OuterTraining;

/// <summary>
/// Heavy-ball momentum as outer-optimizer: v ← μ v + g; θ ← θ − rate · v, as <c>torch.optim.SGD</c> has it. The state holds v.
/// </summary>
/// <param name="Momentum">μ; a steady gradient moves θ by rate / (1 − μ) times itself.</param>
public sealed record OuterMomentum(double Momentum) : IOuterOptimizer
{
    public int StateVectors => 1;

    public (float[] Theta, OuterOptimizerState State) Step(
        ReadOnlySpan<float> theta, ReadOnlySpan<double> gradient, double learningRate, OuterOptimizerState state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, theta.Length);
        double[] before = state.Vectors[0], velocity = new double[theta.Length];
        ArgumentOutOfRangeException.ThrowIfNotEqual(before.Length, theta.Length);
        float[] next = new float[theta.Length];
        for (int i = 0; i < theta.Length; i++)
        {
            velocity[i] = (Momentum * before[i]) + gradient[i];
            next[i] = (float)(theta[i] - (learningRate * velocity[i]));
        }

        return (next, new OuterOptimizerState(state.Step + 1, [velocity]));
    }
}
