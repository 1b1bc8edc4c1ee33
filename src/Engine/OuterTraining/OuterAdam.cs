using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>The outer-optimizer (App. D.3). Algorithm 1 says SGD, §D.3 says Adam; we use Adam.</summary>
public static class OuterAdam
{
    /// <summary>A pure step: new θ and new state; the inputs are not touched.</summary>
    /// <param name="theta">θ, |θ| elements.</param>
    /// <param name="gradient">Of the outer-loss, |θ| elements; an element that is not finite moves nothing.</param>
    /// <param name="clip">Each element of the gradient is cut to ± this first; 0: no clip.</param>
    /// <param name="state">Moments so far.</param>
    /// <param name="options">Learning rate of this step and the constants.</param>
    public static (float[] Theta, OuterAdamState State) Step(
        ReadOnlySpan<float> theta, ReadOnlySpan<double> gradient, double clip, OuterAdamState state, OuterAdamOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, theta.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(state.First.Length, theta.Length);
        long step = state.Step + 1;
        double correction1 = 1 - DoubleMath.Power(options.Beta1, step), correction2 = 1 - DoubleMath.Power(options.Beta2, step);
        float[] next = new float[theta.Length];
        double[] first = new double[theta.Length], second = new double[theta.Length];
        for (int i = 0; i < theta.Length; i++)
        {
            double g = double.IsFinite(gradient[i]) ? gradient[i] : 0;
            if (clip > 0) g = Math.Clamp(g, -clip, clip);
            first[i] = (options.Beta1 * state.First[i]) + ((1 - options.Beta1) * g);
            second[i] = (options.Beta2 * state.Second[i]) + ((1 - options.Beta2) * g * g);
            double change = options.Form == AdamForm.KingmaBa
                ? first[i] / correction1 / (Math.Sqrt(second[i] / correction2) + options.Epsilon)
                : Math.Sqrt(correction2) / correction1 * first[i] / (Math.Sqrt(second[i]) + options.Epsilon);
            next[i] = (float)(theta[i] - (options.LearningRate * change));
        }

        return (next, new OuterAdamState(step, first, second));
    }
}
