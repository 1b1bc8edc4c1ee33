using System.Collections.Immutable;

namespace LoptCluster.Engine.Optimizers.Search;

/// <summary>What a random search has spent and found.</summary>
/// <param name="Configurations">Configurations that were evaluated.</param>
/// <param name="Tasks">Outer-train tasks of each.</param>
/// <param name="InnerSteps">Inner-steps of all of them.</param>
/// <param name="Seconds">Time that the search took, on all its workers at once.</param>
/// <param name="Source">Where the ranges of its space come from.</param>
/// <param name="Best">The best configurations, best first.</param>
public sealed record SearchRecord(
    long Configurations, int Tasks, long InnerSteps, double Seconds, string Source, ImmutableArray<SearchTrial> Best)
{
    /// <summary>Configurations that are kept: as many as AlgoPerf allows trials for each workload (Dahl et al. 2023).</summary>
    public const int Kept = 5;
}
