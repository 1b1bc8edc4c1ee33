using LoptCluster.Cli.Fleet;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary>Arguments of <c>lopt train</c>, with all defaults filled in.</summary>
internal sealed record TrainRequest
{
    public required RunSpecification Specification { get; init; }

    public required RunFolder Folder { get; init; }

    public required LaunchRecord Launch { get; init; }

    public bool Resuming { get; init; }

    /// <summary>Command that the run was started with, and that resumes it.</summary>
    public string Command { get; init; } = "train";

    /// <summary>θ that a new run begins from; null: an initial one.</summary>
    public WarmStart? From { get; init; }

    /// <summary>Outer-updates in total that a resumed run is prolonged to; null: as planned.</summary>
    public int? OuterUpdates { get; init; }

    /// <summary>ADDRESS:PORT of the live page, or "off".</summary>
    public string Web { get; init; } = Defaults.AnyPort;
}
