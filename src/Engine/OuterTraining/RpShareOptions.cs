using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>What the share of samples with g_rp is chosen by.</summary>
public sealed record RpShareOptions
{
    /// <summary>
    /// c_rp / c_es of the paper's convnet: g_rp is 70 % of a sample's time. By operations, a reverse step is a Hessian-vector product with
    /// its primal, 2.3 gradients; a forward step is one gradient (train objective).
    /// </summary>
    public const double TypicalCostRatio = 7.0 / 3.0;

    /// <summary>S: samples that are merged into one outer-update.</summary>
    public required int BatchSamples { get; init; }

    /// <summary>What an exponential average keeps of its past at each update: about ten updates are remembered.</summary>
    public double Keep { get; init; } = 0.9;

    /// <summary>
    /// c_rp / c_es; null: as measured. Synchronous mode takes <see cref="TypicalCostRatio"/>: θ may not depend on how fast the workers are,
    /// and the coordinator, which does not hold the data, cannot count a problem's operations.
    /// </summary>
    public double? CostRatio { get; init; }

    /// <summary>p_min: smallest share, at which a batch still has samples enough for a variance of g_rp.</summary>
    public double LeastShare => Math.Min(1, (double)RunSpecification.LeastRpSamples / BatchSamples);

    public static RpShareOptions From(RunSpecification specification) => new()
    {
        BatchSamples = specification.BatchSamples,
        CostRatio = specification.Mode == RunMode.Synchronous ? TypicalCostRatio : null,
    };
}
