using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>θ at the start of outer-training: W ~ N(0, 1/fan_in) truncated at 2σ, b = 0.</summary>
internal static class MlpInitialization
{
    public static void Fill(MlpForm form, ref RandomStream random, Span<float> theta)
    {
        theta.Clear();
        Truncated(ref random, theta[..form.Bias1], form.Inputs);
        Truncated(ref random, theta[form.Weights2..form.Bias2], MlpForm.Hidden);
    }

    private static void Truncated(ref RandomStream random, Span<float> weights, int fanIn)
    {
        double std = 1 / Math.Sqrt(fanIn);
        foreach (ref float weight in weights) weight = (float)(random.NextTruncatedNormal() * std);
    }
}
