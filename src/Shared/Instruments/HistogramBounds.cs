using System.Diagnostics.Metrics;

namespace LoptCluster.Shared.Instruments;

/// <summary>Bucket bounds of the histograms.</summary>
public static class HistogramBounds
{
    /// <summary>Bounds for the duration of a sample in seconds: from a millisecond (quickstart) to an hour (convnet, k = 10,000).</summary>
    public static InstrumentAdvice<double> Samples { get; } =
        new() { HistogramBucketBoundaries = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3600] };

    /// <summary>Bounds for the duration of the coordinator's own work in seconds.</summary>
    public static InstrumentAdvice<double> Work { get; } =
        new() { HistogramBucketBoundaries = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10] };

    /// <summary>Bounds for the age of a sample: outer-updates between its θ and the newest.</summary>
    public static InstrumentAdvice<double> Updates { get; } =
        new() { HistogramBucketBoundaries = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 100, 300, 1000] };
}
