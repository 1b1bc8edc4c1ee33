using LoptCluster.Protocol.V1;

namespace LoptCluster.Cli.Report;

/// <summary>What outer-training leaves for the report.</summary>
internal sealed record TrainingRecord
{
    /// <summary>Training alone, all starts of a resumed run together.</summary>
    public required double Seconds { get; init; }

    public required long SamplesAccepted { get; init; }

    public required long SamplesRpInvalid { get; init; }

    public required long SamplesRpComputed { get; init; }

    /// <summary>Computing time of all samples, in seconds of one slot.</summary>
    public required double SampleSeconds { get; init; }

    /// <summary>The part of <see cref="SampleSeconds"/> spent in reverse sweeps.</summary>
    public required double SampleSecondsRp { get; init; }

    /// <summary>A row per outer-update, oldest first.</summary>
    public required IReadOnlyList<HistoryRow> History { get; init; }

    /// <summary>Tuned Adam's mean loss on the held-out tasks of the evaluations; null if there were none.</summary>
    public double? BaselineOuterTest { get; init; }

    /// <summary>Number of outer-updates applied.</summary>
    public long OuterUpdates => History.Count > 0 ? History[^1].OuterUpdate : 0;
}
