namespace LoptCluster.Engine.OuterTraining;

/// <summary>Adam's constants for one step. The paper: β1 0.5 (App. D.3); β2 and ε as usual.</summary>
public sealed record OuterAdamOptions(double LearningRate, double Beta1, double Beta2, double Epsilon, AdamForm Form = AdamForm.KingmaBa);
