using System.Collections.Immutable;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Hyper-parameters that several hand-designed families have, with the values from which outer-training starts.</summary>
internal static class HyperParameters
{
    /// <summary>Common default of Adam and RMSProp (Kingma and Ba 2015), and the third of the paper's 11 rates (§4.4).</summary>
    public static readonly HyperParameter LearningRate = new("learningRate", 1e-3, HyperParameterTransform.Log);

    /// <summary>
    /// Decay of the learning rate, ℓ1 and ℓ2 (§4.4). They start almost without effect, close to the base rule: over 1,000 steps a decay of
    /// 1e-5 takes 1% off the rate. In θ a factor of 10 is a distance of 2.3, which an outer learning rate of 0.05 travels in 46
    /// outer-updates.
    /// </summary>
    public static readonly ImmutableArray<HyperParameter> RegDecay =
    [
        new("linearDecay", 1e-5, HyperParameterTransform.Log, "1/inner-step"),
        new("exponentialDecay", 1e-5, HyperParameterTransform.Log, "1/inner-step"),
        new("l1", 1e-5, HyperParameterTransform.Log),
        new("l2", 1e-5, HyperParameterTransform.Log),
    ];
}
