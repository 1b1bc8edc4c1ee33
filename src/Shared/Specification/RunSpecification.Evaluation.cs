namespace LoptCluster.Shared.Specification;

public sealed partial record RunSpecification
{
    [SpecificationKey(
        "evaluation", "Outer-updates between evaluations of θ; 0: no evaluations.", Unit = "outer-updates", Paper = "Fig. 5", Min = 0)]
    public int EvaluateEveryUpdates { get; init; } = 100;

    [SpecificationKey("evaluation", "Tasks per evaluation, from each class split.", Unit = "tasks", Paper = "§4.3", Min = 1, Max = 10_000)]
    public int EvaluationTasks { get; init; } = 40;

    [SpecificationKey("evaluation", "Held-out tasks in the final comparison.", Unit = "tasks", Paper = "§4.4", Min = 1, Max = 10_000)]
    public int ComparisonTasks { get; init; } = 100;

    [SpecificationKey("evaluation", "Inner-steps between points of the learning curves of the comparison.", Unit = "inner-steps", Min = 1)]
    public int CurveEverySteps { get; init; } = 100;
}
