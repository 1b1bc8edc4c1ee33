namespace LoptCluster.Engine.Estimation;

/// <summary>From the gradients of a batch to the one that moves θ: the statistics of each estimator, then the combination.</summary>
/// <remarks>A sample whose g_rp is not finite, or was not computed, counts with its other gradients.</remarks>
public static class GradientMerger
{
    /// <param name="samples">
    /// Gradients of each sample; at least one sample, two for a variance. Summed in the order given, so the order decides the last bits.
    /// </param>
    /// <param name="thetaLength">|θ|.</param>
    /// <param name="estimator">The estimators that are measured, and how they are combined. Gradients of others are left out.</param>
    /// <param name="weights">Weight of each sample, or empty: all 1 (a staleness rule gives others).</param>
    public static MergedGradient Merge(
        IReadOnlyList<IReadOnlyList<EstimatorGradient>> samples, int thetaLength, EstimatorDefinition estimator,
        ReadOnlySpan<double> weights =
            default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(samples.Count);
        if (!weights.IsEmpty) ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, samples.Count);

        var gradients = estimator.Computed.ToDictionary(e => e, _ => new List<(ReadOnlyMemory<float>, double)>(samples.Count));
        for (int s = 0; s < samples.Count; s++)
        {
            foreach (var gradient in samples[s])
            {
                if (gradients.TryGetValue(gradient.Estimator, out var list)) list.Add((gradient.Values, weights.IsEmpty ? 1 : weights[s]));
            }
        }

        return estimator.Combination.Combine([.. estimator.Computed.Select(e => EstimatorStatistics.Of(e, thetaLength, gradients[e]))]);
    }
}
