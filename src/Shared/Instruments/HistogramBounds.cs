using System.Diagnostics.Metrics;

namespace LoptCluster.Shared.Instruments;

/// <summary>Buckets of our histograms.</summary>
public static class HistogramBounds
{
    /// <summary>Seconds of a sample: from a millisecond (quickstart) to an hour (k = 10,000 of a convnet).</summary>
    public static InstrumentAdvice<double> Samples { get; } =
        new() { HistogramBucketBoundaries = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3600] };

    /// <summary>Seconds of the coordinator's own work.</summary>
    public static InstrumentAdvice<double> Work { get; } =
        new() { HistogramBucketBoundaries = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10] };

    /// <summary>Outer-updates between a sample's θ and the newest.</summary>
    public static InstrumentAdvice<double> Updates { get; } = new() { HistogramBucketBoundaries = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 100, 300, 1000] };
}
