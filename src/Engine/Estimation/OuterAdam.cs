namespace LoptCluster.Engine.Estimation;

/// <summary>Adam's state: what an update needs of the past. A checkpoint stores it.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="First">First moment, |θ|.</param>
/// <param name="Second">Second moment, |θ|.</param>
public sealed record OuterAdamState(long Step, double[] First, double[] Second)
{
    public static OuterAdamState Zero(int thetaLength) => new(0, new double[thetaLength], new double[thetaLength]);
}

/// <summary>Where ε stands: m̂/(√v̂+ε) (Kingma and Ba, Algorithm 1), or α√(1−β2ⁿ)/(1−β1ⁿ) · m/(√v+ε) (their §2; TensorFlow).</summary>
public enum AdamForm
{
    KingmaBa,
    EpsilonHat,
}

public sealed record OuterAdamOptions(double LearningRate, double Beta1, double Beta2, double Epsilon, AdamForm Form = AdamForm.KingmaBa);

/// <summary>The outer-optimizer (App. D.3). Algorithm 1 says SGD, §D.3 says Adam; we use Adam.</summary>
public static class OuterAdam
{
    /// <summary>A pure step: new θ and new state; the inputs are not touched.</summary>
    /// <param name="clip">Each element of the gradient is cut to ± this first; 0: no clip.</param>
    public static (float[] Theta, OuterAdamState State) Step(
        ReadOnlySpan<float> theta, ReadOnlySpan<double> gradient, double clip, OuterAdamState state, OuterAdamOptions options) =>
        throw new NotImplementedException();
}
