namespace LoptCluster.Engine.Estimation;

/// <summary>What a batch of samples says: the merged gradient of eq. (1) and the statistics behind it. |θ| elements each.</summary>
public sealed record MergedGradient
{
    /// <summary>Before the clip.</summary>
    public required double[] Gradient { get; init; }

    /// <summary>Unbiased variance of one sample of g_rp, + 1e-8; +∞ with fewer than two valid samples.</summary>
    public required double[] VarianceRp { get; init; }

    /// <summary>Unbiased variance of one sample of g_es, + 1e-8.</summary>
    public required double[] VarianceEs { get; init; }

    /// <summary>1 − w: the share of g_es in each element.</summary>
    public required double[] WeightEs { get; init; }

    public required double[] MeanRp { get; init; }

    public required double[] MeanEs { get; init; }

    /// <summary>Samples with a finite g_rp.</summary>
    public required int ValidRp { get; init; }

    public required int ValidEs { get; init; }
}
