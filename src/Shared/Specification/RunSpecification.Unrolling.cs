namespace LoptCluster.Shared.Specification;

public sealed partial record RunSpecification
{
    [SpecificationKey("unrolling", "T: inner-steps of a whole inner-problem.", Unit = "inner-steps", Paper = "§4.2", Min = 1, Max = 10_000_000)]
    public int InnerSteps { get; init; } = 10_000;

    [SpecificationKey("unrolling", "Data the outer-loss is measured on.", Paper = "§2.1")]
    public OuterObjective Objective { get; init; } = OuterObjective.Valid;

    [SpecificationKey("unrolling", "Where along a step the outer-loss is measured.", Paper = "§2.1")]
    public LossConvention LossAt { get; init; } = LossConvention.BeforeUpdate;

    [SpecificationKey("unrolling", "Minibatches that the outer-loss of a step is averaged over (valid objective).", Min = 1, Max = 64)]
    public int OuterMinibatches { get; init; } = 1;

    [SpecificationKey("unrolling", "A loss counts as at most this.", Unit = "nats", Min = 1e-3)]
    public double LossCap { get; init; } = 10;

    [SpecificationKey("unrolling", "k at the first outer-update.", Unit = "inner-steps", Paper = "App. D.3", Min = 1)]
    public int TruncationFirst { get; init; } = 50;

    [SpecificationKey("unrolling", "k at the end of the ramp.", Unit = "inner-steps", Paper = "App. D.3", Min = 1)]
    public int TruncationLast { get; init; } = 10_000;

    [SpecificationKey("unrolling", "Length of the linear ramp of k.", Unit = "outer-updates", Paper = "App. D.3", Min = 0)]
    public int TruncationRampUpdates { get; init; } = 5_000;

    [SpecificationKey("unrolling", "k is multiplied by a factor uniform in 1 ± this.", Paper = "§4.3, App. D.3", Min = 0, Max = 0.9)]
    public double TruncationJitter { get; init; } = 0.2;

    [SpecificationKey("unrolling", "First problems end early, spread over the horizon, so that lanes do not move in step.")]
    public bool StaggeredStarts { get; init; }

    [SpecificationKey("unrolling", "Memory a slot may use for one truncation.", Unit = "MB", Min = 1)]
    public int SlotMemoryMegabytes { get; init; } = 1024;
}
