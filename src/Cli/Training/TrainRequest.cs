using LoptCluster.Cli.Fleet;
using LoptCluster.Cli.Runs;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary>Arguments of <c>lopt train</c>, with all defaults filled in.</summary>
internal sealed record TrainRequest
{
    public required RunSpecification Specification { get; init; }

    public required RunFolder Folder { get; init; }

    public required LaunchRecord Launch { get; init; }

    public bool Resuming { get; init; }

    /// <summary>ADDRESS:PORT of the live page, or "off".</summary>
    public string Web { get; init; } = Defaults.AnyPort;
}
