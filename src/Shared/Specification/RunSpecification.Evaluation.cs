namespace LoptCluster.Shared.Specification;

public sealed partial record RunSpecification
{
    [SpecificationKey(
        "evaluation", "Outer-updates between evaluations of θ; 0: no evaluations.", Unit = "outer-updates", Paper = "Fig. 5", Min = 0)]
    public int EvaluateEveryUpdates { get; init; } = 100;

    [SpecificationKey("evaluation", "Tasks per evaluation, from each class split.", Unit = "tasks", Paper = "§4.3", Min = 1, Max = 10_000)]
    public int EvaluationTasks { get; init; } = 40;

    [SpecificationKey(
        "evaluation",
        "Divergence guard: training ends early, with the best θ, if the mean loss on outer-train tasks is more than this many times the "
            + "lowest so far, divergenceEvaluations times in a row; above 1, or 0: never.", Min = 0, Max = 1000)]
    public double DivergenceFactor { get; init; }

    [SpecificationKey("evaluation", "Evaluations in a row that make a divergence.", Unit = "evaluations", Min = 1, Max = 1000)]
    public int DivergenceEvaluations { get; init; } = 3;

    [SpecificationKey("evaluation", "Held-out tasks in the final comparison.", Unit = "tasks", Paper = "§4.4", Min = 1, Max = 10_000)]
    public int ComparisonTasks { get; init; } = 100;

    [SpecificationKey("evaluation", "Inner-steps between points of the learning curves of the comparison.", Unit = "inner-steps", Min = 1)]
    public int CurveEverySteps { get; init; } = 100;
}
