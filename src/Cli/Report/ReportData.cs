using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>Everything that a summary and a report are made of.</summary>
internal sealed record ReportData
{
    public required RunSpecification Specification { get; init; }

    public required string RunId { get; init; }

    /// <summary>Description of the images.</summary>
    public required string Dataset { get; init; }

    /// <summary>Version of the θ that was compared.</summary>
    public required long ThetaVersion { get; init; }

    /// <summary>From the command's start to its end, comparison included; of a resumed run, since it was last started.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Null where a θ file was compared without training it.</summary>
    public TrainingRecord? Training { get; init; }

    public required Comparison Comparison { get; init; }
}
