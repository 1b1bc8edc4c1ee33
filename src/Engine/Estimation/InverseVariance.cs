using System.Collections.Immutable;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>Inverse-variance merge of two estimators (eq. 1), per element of θ; further estimators have no weight.</summary>
/// <remarks>
/// With a and b the variances of the means x and y over the batch (variance of a sample / number of samples for equal weights),
/// merged = (b x + a y) / (a + b), which is eq. (1) without a reciprocal of either variance; with as many samples of one as of the other it
/// is the paper's formula exactly. The variances may differ by 20 orders of magnitude (Fig. 4) and more: see <see cref="WeightedMean"/> for
/// the accuracy. An estimator with fewer than two samples has variance +∞ and no weight; if both have, the weights are ½.
/// </remarks>
public sealed class InverseVariance(EstimatorId first, EstimatorId second) : ICombination
{
    public MergedGradient Combine(ImmutableArray<EstimatorStatistics> statistics)
    {
        var x = statistics.Single(s => s.Estimator == first);
        var y = statistics.Single(s => s.Estimator == second);
        int length = x.Mean.Length;
        double[] gradient = new double[length], weightX = new double[length], weightY = new double[length];
        for (int i = 0; i < length; i++)
        {
            double a = x.Variance[i] * x.MeanShare, b = y.Variance[i] * y.MeanShare;
            weightX[i] = WeightedMean.Weight(a, b);
            weightY[i] = WeightedMean.Weight(b, a);
            gradient[i] = WeightedMean.Of(x.Mean[i], weightX[i], a, y.Mean[i], weightY[i], b);
        }

        return new MergedGradient(gradient, [.. statistics.Select(s => new MergedEstimator(s, WeightOf(s)))]);

        double[] WeightOf(EstimatorStatistics s) => ReferenceEquals(s, x) ? weightX : ReferenceEquals(s, y) ? weightY : new double[length];
    }
}
