namespace LoptCluster.Engine.OuterTraining;

/// <summary>Where ε stands: m̂/(√v̂+ε) (Kingma and Ba, Algorithm 1), or α√(1−β2ⁿ)/(1−β1ⁿ) · m/(√v+ε) (their §2; TensorFlow).</summary>
public enum AdamForm
{
    KingmaBa,
    EpsilonHat,
}

/// <summary>Adam's constants for one step. The paper: β1 0.5 (App. D.3); β2 and ε as usual.</summary>
public sealed record OuterAdamOptions(double LearningRate, double Beta1, double Beta2, double Epsilon, AdamForm Form = AdamForm.KingmaBa);
