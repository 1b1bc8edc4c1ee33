using System.Collections.Immutable;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator;

/// <summary>The comparison that a run makes instead of training.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The θ to compare.</summary>
    public required WarmStart Theta { get; init; }

    /// <summary>What it is compared with.</summary>
    public required ImmutableArray<Baseline> Baselines { get; init; }

    /// <summary>The specification of such a run, whose tasks and optimizer are those of another: θ stays as it is.</summary>
    public static RunSpecification SpecificationOf(RunSpecification tasks) => tasks with { Mode = RunMode.Comparison, OuterUpdates = 0 };

    /// <summary>Checks that a comparison that has begun is this one.</summary>
    /// <param name="runDirectory">Its folder.</param>
    /// <param name="specification">Its specification.</param>
    /// <param name="origin">Origin of its θ.</param>
    /// <param name="baselines">Its baselines, as JSON.</param>
    /// <exception cref="UserErrorException">It is another, or the run is none.</exception>
    internal void CheckSame(string runDirectory, RunSpecification specification, ThetaOrigin? origin, string baselines)
    {
        string? difference = specification.Mode != RunMode.Comparison ? "trains a θ and compares none"
            : origin?.Sha256 != Theta.Origin.Sha256 ? $"compares another θ, of '{origin?.File}'"
            : baselines != BaselineJson.Serialize(Baselines) ? "compares θ with other baselines"
            : null;
        if (difference is null) return;
        throw new UserErrorException(
            $"The run in '{runDirectory}' {difference}. Resume it without --evaluate and --against, or name another folder with --run.");
    }
}
