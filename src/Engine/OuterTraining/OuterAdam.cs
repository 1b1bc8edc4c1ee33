using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>Adam as outer-optimizer (App. D.3), which the paper trains with. The state holds first and second moment.</summary>
/// <param name="Beta1">β1; the paper has 0.5.</param>
/// <param name="Beta2">β2.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Form">Where ε stands.</param>
public sealed record OuterAdam(double Beta1, double Beta2, double Epsilon, AdamForm Form = AdamForm.KingmaBa) : IOuterOptimizer
{
    public int StateVectors => 2;

    public (float[] Theta, OuterOptimizerState State) Step(
        ReadOnlySpan<float> theta, ReadOnlySpan<double> gradient, double learningRate, OuterOptimizerState state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, theta.Length);
        double[] firstBefore = state.Vectors[0], secondBefore = state.Vectors[1];
        ArgumentOutOfRangeException.ThrowIfNotEqual(firstBefore.Length, theta.Length);
        long step = state.Step + 1;
        double correction1 = 1 - DoubleMath.Power(Beta1, step), correction2 = 1 - DoubleMath.Power(Beta2, step);
        float[] next = new float[theta.Length];
        double[] first = new double[theta.Length], second = new double[theta.Length];
        for (int i = 0; i < theta.Length; i++)
        {
            double g = gradient[i];
            first[i] = (Beta1 * firstBefore[i]) + ((1 - Beta1) * g);
            second[i] = (Beta2 * secondBefore[i]) + ((1 - Beta2) * g * g);
            double change = Form == AdamForm.KingmaBa
                ? first[i] / correction1 / (Math.Sqrt(second[i] / correction2) + Epsilon)
                : Math.Sqrt(correction2) / correction1 * first[i] / (Math.Sqrt(second[i]) + Epsilon);
            next[i] = (float)(theta[i] - (learningRate * change));
        }

        return (next, new OuterOptimizerState(step, [first, second]));
    }
}
