namespace LoptCluster.Shared.Specification;

public sealed partial record RunSpecification
{
    [SpecificationKey("outer-training", "Number of outer-updates of the run.", Unit = "outer-updates", Paper = "App. D.3", Min = 1)]
    public int OuterUpdates { get; init; } = 5_000;

    [SpecificationKey("outer-training", "Outer-optimizer, which moves θ; Algorithm 1 has sgd, App. D.3 adam.", Paper = "App. D.3, App. I")]
    public OuterOptimizerKind OuterOptimizer { get; init; } = OuterOptimizerKind.Adam;

    [SpecificationKey(
        "outer-training", "Learning rate of the outer-optimizer; the paper has Adam at 3e-3 for the train objective and 3e-4 for valid.",
        Paper = "App. D.3", Min = 0, Max = 10)]
    public double OuterLearningRate { get; init; } = 3e-4;

    [SpecificationKey(
        "outer-training", "Share of the learning rate that is left at the last update, after a linear decrease; 1: constant.",
        Min = 0, Max = 1)]
    public double OuterLearningRateFinalShare { get; init; } = 1;

    [SpecificationKey("outer-training", "β1 of the outer Adam; adam only.", Paper = "App. D.3", Min = 0, Max = 0.999999)]
    public double OuterBeta1 { get; init; } = 0.5;

    [SpecificationKey("outer-training", "β2 of the outer Adam; adam only.", Min = 0, Max = 0.9999999)]
    public double OuterBeta2 { get; init; } = 0.999;

    [SpecificationKey("outer-training", "ε of the outer Adam; adam only.", Min = 1e-16, Max = 1)]
    public double OuterEpsilon { get; init; } = 1e-8;

    [SpecificationKey("outer-training", "μ of the outer momentum; momentum only.", Min = 0, Max = 0.999999)]
    public double OuterMomentum { get; init; } = 0.9;

    [SpecificationKey(
        "outer-training",
        "Decay of the exponential moving average (EMA) of θ, which is evaluated and served beside θ; 0: no average. "
            + "It reaches back about 1 / (1 − decay) outer-updates.",
        Min = 0, Max = 0.999999)]
    public double ThetaAverageDecay { get; init; }
}
