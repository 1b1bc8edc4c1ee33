namespace LoptCluster.Engine.OuterTraining;

/// <summary>Where ε stands: m̂/(√v̂+ε) (Kingma and Ba, Algorithm 1), or α√(1−β2ⁿ)/(1−β1ⁿ) · m/(√v+ε) (their §2; TensorFlow).</summary>
public enum AdamForm
{
    KingmaBa,
    EpsilonHat,
}
