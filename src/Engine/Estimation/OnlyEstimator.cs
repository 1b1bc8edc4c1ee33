using System.Collections.Immutable;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>The mean of one estimator moves θ; the others are measured and have no weight (the ablations of §4.5).</summary>
public sealed class OnlyEstimator(EstimatorId estimator) : ICombination
{
    public MergedGradient Combine(ImmutableArray<EstimatorStatistics> statistics) => new(
        [.. statistics.Single(s => s.Estimator == estimator).Mean],
        [.. statistics.Select(s => new MergedEstimator(s, Constant(s.Mean.Length, s.Estimator == estimator ? 1 : 0)))]);

    private static double[] Constant(int length, double value)
    {
        double[] values = new double[length];
        Array.Fill(values, value);
        return values;
    }
}
