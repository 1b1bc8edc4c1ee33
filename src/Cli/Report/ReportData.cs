using LoptCluster.Engine.Evaluation;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>Everything that a run's summary and report are made of.</summary>
internal sealed record ReportData
{
    public required RunSpecification Specification { get; init; }

    public required string RunId { get; init; }

    public required string Dataset { get; init; }

    /// <summary>The θ that was compared.</summary>
    public required ThetaSnapshot Theta { get; init; }

    /// <summary>From the command's start to its end, the comparison included; of the last start, where a run was resumed.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Training alone, all starts together.</summary>
    public required double TrainingSeconds { get; init; }

    public required long SamplesAccepted { get; init; }

    public required long SamplesRpInvalid { get; init; }

    public required long SamplesRpComputed { get; init; }

    /// <summary>Of one slot: what all samples took.</summary>
    public required double SampleSeconds { get; init; }

    /// <summary>The part of it that reverse sweeps took.</summary>
    public required double SampleSecondsRp { get; init; }

    /// <summary>A row per outer-update, oldest first; empty where a θ file was compared.</summary>
    public required IReadOnlyList<HistoryRow> History { get; init; }

    /// <summary>Tuned Adam's mean loss on the held-out tasks of the evaluations; NaN without.</summary>
    public double BaselineOuterTest { get; init; } = double.NaN;

    public required Comparison Comparison { get; init; }
}
