using System.Runtime.Intrinsics;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>Mean and unbiased variance of one estimator over a batch, per element of θ.</summary>
/// <param name="Estimator">The estimator that was measured.</param>
/// <param name="Count">Samples that have a gradient of this estimator.</param>
/// <param name="Mean">Weighted mean of the gradients, per element; 0 without samples.</param>
/// <param name="Variance">Variance of a single sample, per element; +∞ with fewer than two samples.</param>
/// <param name="MeanShare">Variance of the mean over variance of a sample: Σw² / (Σw)², 1/n for equal weights; 1 without samples.</param>
public sealed record EstimatorStatistics(EstimatorId Estimator, int Count, double[] Mean, double[] Variance, double MeanShare)
{
    /// <summary>Added to each variance, so that constant elements get weight ½ instead of 0/0.</summary>
    public const double VarianceFloor = 1e-8;

    /// <summary>
    /// Statistics with reliability weights: two passes in double, samples in the order given, which decides the last bits.
    /// </summary>
    public static EstimatorStatistics Of(
        EstimatorId estimator, int thetaLength, IReadOnlyList<(ReadOnlyMemory<float> Gradient, double Weight)> samples)
    {
        double[] mean = new double[thetaLength], variance = new double[thetaLength];
        double sum = 0, sumSquares = 0;
        foreach (var (gradient, w) in samples)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, thetaLength);
            sum += w;
            sumSquares += w * w;
        }

        foreach (var (gradient, w) in samples) AddWeighted(gradient.Span, w, mean);

        for (int i = 0; i < thetaLength && samples.Count > 0; i++) mean[i] /= sum;
        if (samples.Count < 2) Array.Fill(variance, double.PositiveInfinity);
        else FillVariance(variance, mean, samples, freedom: sum - (sumSquares / sum));
        return new EstimatorStatistics(estimator, samples.Count, mean, variance, samples.Count > 0 ? sumSquares / (sum * sum) : 1);
    }

    private static void FillVariance(
        double[] variance, double[] mean, IReadOnlyList<(ReadOnlyMemory<float> Gradient, double Weight)> samples, double freedom)
    {
        foreach (var (gradient, w) in samples) AddSquares(gradient.Span, w, mean, variance);
        for (int i = 0; i < variance.Length; i++) variance[i] = (variance[i] / freedom) + VarianceFloor;
    }

    /// <summary>s ← s + w g.</summary>
    private static void AddWeighted(ReadOnlySpan<float> g, double w, Span<double> s)
    {
        int i = 0;
        for (; i <= g.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(g[i..]));
            Add(s[i..], w * low);
            Add(s[(i + Vector256<double>.Count)..], w * high);
        }

        for (; i < g.Length; i++) s[i] += w * g[i];
    }

    /// <summary>s ← s + w (g − m)².</summary>
    private static void AddSquares(ReadOnlySpan<float> g, double w, ReadOnlySpan<double> m, Span<double> s)
    {
        int i = 0;
        for (; i <= g.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(g[i..]));
            low -= Vector256.Create(m[i..]);
            high -= Vector256.Create(m[(i + Vector256<double>.Count)..]);
            Add(s[i..], w * low * low);
            Add(s[(i + Vector256<double>.Count)..], w * high * high);
        }

        for (; i < g.Length; i++) s[i] += w * (g[i] - m[i]) * (g[i] - m[i]);
    }

    private static void Add(Span<double> s, Vector256<double> x) => (Vector256.Create(s) + x).CopyTo(s);
}
