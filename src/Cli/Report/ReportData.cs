using LoptCluster.Coordinator.Operations;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>Content of a summary and a report.</summary>
internal sealed record ReportData
{
    public required RunSpecification Specification { get; init; }

    public required string RunId { get; init; }

    /// <summary>Description of the images.</summary>
    public required string Dataset { get; init; }

    /// <summary>The θ that was compared.</summary>
    public required ThetaSnapshot Theta { get; init; }

    /// <summary>Origin and plans of its run; null if they are unknown.</summary>
    public RunLineage? Lineage { get; init; }

    /// <summary>
    /// Time from the start of the command that trained to its end, with the comparison; of a resumed run, since its last start. Null if
    /// it is unknown: a run of a coordinator.
    /// </summary>
    public required double? WallSeconds { get; init; }

    /// <summary>Outer-training of θ; null if a θ file was compared without training it.</summary>
    public TrainingRecord? Training { get; init; }

    public required Comparison Comparison { get; init; }
}
