using LoptCluster.Chaos.Failures.Networks;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Chaos.Failures;

/// <param name="Failures">Failures that the run suffers, at least.</param>
/// <param name="Workers">Workers of two slots.</param>
/// <param name="Seed">Seed of what happens, when, and to whom.</param>
/// <param name="Network">What lies between workers and coordinator.</param>
/// <param name="Mode">How the run updates.</param>
internal sealed record FailuresOptions(int Failures, int Workers, int Seed, NetworkKind Network, RunMode Mode);
