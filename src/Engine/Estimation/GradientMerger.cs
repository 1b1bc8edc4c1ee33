using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Estimation;

/// <summary>Inverse-variance merge of the two outer-gradient estimators (eq. 1), per element of θ.</summary>
/// <remarks>
/// With a = σ²_rp / n_rp and b = σ²_es / n_es, the variances of the two means over the batch:
/// merged = (b · ḡ_rp + a · ḡ_es) / (a + b), which is eq. (1) without forming a reciprocal of either variance; if n_rp = n_es
/// it is the paper's formula exactly. All in double: the variances may differ by 20 orders of magnitude (Fig. 4) and more.
/// A sample whose g_rp is not finite counts with its g_es alone; with fewer than two valid g_rp their variance is +∞ and g_es alone is used.
/// </remarks>
public static class GradientMerger
{
    /// <summary>Added to each variance, so that constant elements get weight ½ instead of 0/0.</summary>
    public const double VarianceFloor = 1e-8;

    /// <param name="samples">At least one (two for a variance); summed in the order given, so the order decides the last bits.</param>
    /// <param name="thetaLength">|θ|.</param>
    /// <param name="estimator">Which estimators move θ; statistics are of both.</param>
    /// <param name="weights">Weight of each sample, or empty: all 1 (staleness policy <see cref="StalenessPolicy.Weight"/>).</param>
    public static MergedGradient Merge(
        IReadOnlyList<GradientSample> samples, int thetaLength, Estimator estimator, ReadOnlySpan<double> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(samples.Count);
        if (!weights.IsEmpty) ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, samples.Count);

        var rp = new EstimatorStatistics(thetaLength);
        var es = new EstimatorStatistics(thetaLength);
        for (int s = 0; s < samples.Count; s++)
        {
            double weight = weights.IsEmpty ? 1 : weights[s];
            if (samples[s].RpValid) rp.Add(samples[s].GradientRp, weight);
            es.Add(samples[s].GradientEs, weight);
        }

        rp.Finish();
        es.Finish();
        double[] gradient = new double[thetaLength], weightEs = new double[thetaLength];
        for (int i = 0; i < thetaLength; i++)
        {
            weightEs[i] = estimator switch
            {
                Estimator.Rp => 0,
                Estimator.Es => 1,
                _ => WeightEs(rp.Variance[i] * rp.MeanShare, es.Variance[i] * es.MeanShare),
            };
            gradient[i] = Blend(rp.Mean[i], es.Mean[i], weightEs[i], rp.Variance[i] * rp.MeanShare, es.Variance[i] * es.MeanShare);
        }

        return new MergedGradient
        {
            Gradient = gradient,
            WeightEs = weightEs,
            MeanRp = rp.Mean,
            MeanEs = es.Mean,
            VarianceRp = rp.Variance,
            VarianceEs = es.Variance,
            ValidRp = rp.Count,
            ValidEs = es.Count,
        };
    }

    /// <summary>a / (a + b); both infinite: no estimator has a variance, ½.</summary>
    private static double WeightEs(double a, double b)
    {
        if (double.IsPositiveInfinity(a)) return double.IsPositiveInfinity(b) ? 0.5 : 1;
        if (double.IsPositiveInfinity(b)) return 0;
        return a / (a + b);
    }

    private static double Blend(double rp, double es, double weightEs, double a, double b)
    {
        if (weightEs is 0) return rp;
        if (weightEs is 1) return es;
        // b / (a + b), not 1 − weightEs: a tiny share of a huge g_rp must not be lost to cancellation.
        double weightRp = double.IsFinite(a) && double.IsFinite(b) ? b / (a + b) : 1 - weightEs;
        return (weightRp * rp) + (weightEs * es);
    }
}
