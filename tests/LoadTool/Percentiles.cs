using System.Globalization;
using HdrHistogram;

namespace LoptCluster.LoadTool;

/// <summary>Percentiles of a time, milliseconds.</summary>
internal sealed record Percentiles(double P50, double P90, double P99, double Most, long Count)
{
    /// <summary>Percentiles of a histogram whose values are microseconds.</summary>
    public static Percentiles Of(HistogramBase histogram) => new(
        At(histogram, 50), At(histogram, 90), At(histogram, 99), histogram.TotalCount == 0 ? 0 : histogram.GetMaxValue() / 1e3,
        histogram.TotalCount);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"p50 {P50:F1} ms, p90 {P90:F1} ms, p99 {P99:F1} ms, most {Most:F0} ms");

    private static double At(HistogramBase histogram, double percentile) =>
        histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1e3;
}
