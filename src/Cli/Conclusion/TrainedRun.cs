using LoptCluster.Coordinator.Operations;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Conclusion;

/// <summary>What a run has trained, finished or so far.</summary>
internal sealed record TrainedRun
{
    public required RunSpecification Specification { get; init; }

    /// <summary>The θ to keep: the best on outer-train tasks (§4.3), or the last if none was evaluated.</summary>
    public required ThetaFileContent Content { get; init; }

    /// <summary>The average of θ up to the last version; null: the run keeps none.</summary>
    public ThetaFileContent? Average { get; init; }

    public ThetaSnapshot Theta => Content.Theta;

    public required TrainingRecord Training { get; init; }
}
