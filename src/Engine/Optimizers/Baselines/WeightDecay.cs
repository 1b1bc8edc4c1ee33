using LoptCluster.Engine.Optimizers.HandDesigned;

namespace LoptCluster.Engine.Optimizers.Baselines;

/// <summary>Decoupled weight decay in PyTorch's form: a step takes rate(t) · λ · w from w.</summary>
internal static class WeightDecay
{
    /// <summary>Value of rate(t) · λ; a negative λ counts as 0.</summary>
    public static float Of(double rate, double weightDecay) =>
        (float)Limited.Scale(rate * Math.Max(0, weightDecay)).Value;
}
