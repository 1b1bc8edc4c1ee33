using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>What a θ file says.</summary>
/// <param name="Theta">θ and its version.</param>
/// <param name="Optimizer">Form of u(·; θ): how the numbers are to be read.</param>
/// <param name="RunId">Run that it comes from, or "".</param>
public sealed record ThetaFileContent(ThetaSnapshot Theta, OptimizerKind Optimizer, string RunId)
{
    /// <summary>What its update depends on beside θ; null: the file does not say, and the card must.</summary>
    public UpdateConstants? Constants { get; init; }

    /// <summary>Origin and plans of its run, for the card; null if unknown. The file itself does not hold them.</summary>
    public RunLineage? Lineage { get; init; }

    /// <summary>The random search that found θ, for the card; null: it was trained.</summary>
    public SearchRecord? Search { get; init; }

    /// <summary>Decay of the exponential moving average that θ is; null: θ is no average.</summary>
    public double? AverageDecay { get; init; }

    /// <summary>A θ of a run.</summary>
    public static ThetaFileContent Of(ThetaSnapshot theta, RunSpecification specification, string runId) =>
        new(theta, specification.Optimizer, runId) { Constants = UpdateConstants.Of(specification) };
}
