namespace LoptCluster.Shared.Specification;

public sealed partial record RunSpecification
{
    [SpecificationKey("outer-training", "Outer-updates of the run.", Unit = "outer-updates", Paper = "App. D.3", Min = 1)]
    public int OuterUpdates { get; init; } = 5_000;

    [SpecificationKey("outer-training", "Adam's learning rate: 3e-3 for the train objective, 3e-4 for validation.", Paper = "App. D.3", Min = 0, Max = 10)]
    public double OuterLearningRate { get; init; } = 3e-4;

    [SpecificationKey("outer-training", "The rate falls linearly to this share of itself at the last update; 1: constant.", Min = 0, Max = 1)]
    public double OuterLearningRateFinalShare { get; init; } = 1;

    [SpecificationKey("outer-training", "Adam's β1.", Paper = "App. D.3", Min = 0, Max = 0.999999)]
    public double OuterBeta1 { get; init; } = 0.5;

    [SpecificationKey("outer-training", "Adam's β2.", Min = 0, Max = 0.9999999)]
    public double OuterBeta2 { get; init; } = 0.999;

    [SpecificationKey("outer-training", "Adam's ε.", Min = 1e-16, Max = 1)]
    public double OuterEpsilon { get; init; } = 1e-8;
}
