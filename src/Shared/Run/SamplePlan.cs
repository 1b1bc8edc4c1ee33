namespace LoptCluster.Shared.Run;

/// <summary>What a version of θ asks of the samples computed at it. Published with θ.</summary>
/// <param name="RpShare">Share of the samples that measure g_rp, above 0 and at most 1.</param>
/// <param name="TruncationSteps">
/// Truncation length k before jitter, in inner-steps, of a run that was prolonged; null: as its specification has it.
/// </param>
public sealed record SamplePlan(double RpShare, double? TruncationSteps = null)
{
    /// <summary>Every sample measures every gradient of its estimator, as in the paper.</summary>
    public static SamplePlan All { get; } = new(1);
}
