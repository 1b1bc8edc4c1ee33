namespace LoptCluster.Shared.Specification;

public sealed partial record RunSpecification
{
    [SpecificationKey(
        "unrolling", "T: inner-steps of a whole inner-training.",
        Unit = "inner-steps", Paper = "§4.2", Min = 1, Max = 10_000_000, PerProblem = true)]
    public int InnerSteps { get; init; } = 10_000;

    [SpecificationKey("unrolling", "Data on which the outer-loss is measured.", Paper = "§2.1")]
    public OuterObjective Objective { get; init; } = OuterObjective.Valid;

    [SpecificationKey("unrolling", "Point within an inner-step at which the outer-loss is measured.", Paper = "§2.1")]
    public LossConvention LossAt { get; init; } = LossConvention.BeforeUpdate;

    [SpecificationKey("unrolling", "Minibatches over which the outer-loss of a step is averaged (valid objective).", Min = 1, Max = 64)]
    public int OuterMinibatches { get; init; } = 1;

    [SpecificationKey("unrolling", "Cap on the loss of an inner-step.", Unit = "nats", Min = 1e-3)]
    public double LossCap { get; init; } = 10;

    [SpecificationKey("unrolling", "Truncation length k at the first outer-update.", Unit = "inner-steps", Paper = "App. D.3", Min = 1)]
    public int TruncationFirst { get; init; } = 50;

    [SpecificationKey("unrolling", "Truncation length k at the end of the ramp.", Unit = "inner-steps", Paper = "App. D.3", Min = 1)]
    public int TruncationLast { get; init; } = 10_000;

    [SpecificationKey("unrolling", "Length of the linear ramp of k.", Unit = "outer-updates", Paper = "App. D.3", Min = 0)]
    public int TruncationRampUpdates { get; init; } = 5_000;

    [SpecificationKey(
        "unrolling", "Half-width of the uniform random factor around 1 that multiplies k.", Paper = "§4.3, App. D.3", Min = 0, Max = 0.9)]
    public double TruncationJitter { get; init; } = 0.2;

    [SpecificationKey("unrolling", "Whether the first problems end early, spread over the horizon, so that problems do not run in step.")]
    public bool StaggeredStarts { get; init; }

    [SpecificationKey("unrolling", "Memory that a slot may use for one truncation.", Unit = "MB", Min = 1)]
    public int SlotMemoryMegabytes { get; init; } = 1024;
}
