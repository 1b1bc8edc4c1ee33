using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Unrolling;

/// <summary>What L of a truncation is (§2.1), and what the unroll may use.</summary>
public sealed record UnrollOptions
{
    public OuterObjective Objective { get; init; } = OuterObjective.Valid;

    public LossConvention LossAt { get; init; } = LossConvention.BeforeUpdate;

    /// <summary>Outer minibatches that a step's loss is averaged over (valid objective).</summary>
    public int OuterMinibatches { get; init; } = 1;

    /// <summary>A loss counts as at most this; a loss that is not finite as exactly this. Neither sends back a gradient.</summary>
    public double LossCap { get; init; } = 10;

    /// <summary>The inner-gradient is zero once the inner-loss reaches the cap. The paper does not do this; golden cases have it.</summary>
    public bool CapInnerGradient { get; init; }

    /// <summary>L is the last step's loss alone (App. A), not the mean over the k steps.</summary>
    public bool FinalLossOnly { get; init; }

    /// <summary>Bytes that one truncation's memory may take.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>The outer-loss is that of the step's own minibatch at the same w.</summary>
    internal bool OuterLossIsInnerLoss => Objective == OuterObjective.Train && LossAt == LossConvention.BeforeUpdate;

    /// <summary>One gradient is all that the outer-loss of a step sends back.</summary>
    internal bool CanKeepOuterGradients => !OuterLossIsInnerLoss && OuterMinibatches == 1;

    public static UnrollOptions From(RunSpecification specification) => new()
    {
        Objective = specification.Objective,
        LossAt = specification.LossAt,
        OuterMinibatches = specification.Objective == OuterObjective.Train ? 1 : specification.OuterMinibatches,
        LossCap = specification.LossCap,
        MemoryBytes = specification.SlotMemoryMegabytes * 1024L * 1024L,
    };
}
