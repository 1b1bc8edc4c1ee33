using LoptCluster.Cli.Screen;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary>Results of a finished run.</summary>
internal sealed record TrainedRun
{
    public required RunSpecification Specification { get; init; }

    /// <summary>The θ to keep: the best on outer-train tasks (§4.3), or the last if none was evaluated.</summary>
    public required ThetaFileContent Content { get; init; }

    /// <summary>The average of θ up to the last version; null: the run keeps none.</summary>
    public ThetaFileContent? Average { get; init; }

    public ThetaSnapshot Theta => Content.Theta;

    public required ScreenRun Last { get; init; }

    /// <summary>One row per outer-update, oldest first.</summary>
    public required IReadOnlyList<HistoryRow> History { get; init; }
}
