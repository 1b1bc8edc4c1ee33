using LoptCluster.Shared.Samples;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Estimation;

/// <summary>Inverse-variance merge of the two outer-gradient estimators (eq. 1), per element of θ.</summary>
public static class GradientMerger
{
    /// <param name="samples">At least two; merged in the order given.</param>
    /// <param name="weights">Weight of each sample, or empty: all 1 (staleness policy <see cref="StalenessPolicy.Weight"/>).</param>
    public static MergedGradient Merge(IReadOnlyList<GradientSample> samples, int thetaLength, Estimator estimator, ReadOnlySpan<double> weights = default) =>
        throw new NotImplementedException();
}
