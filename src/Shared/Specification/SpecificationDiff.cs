using System.Collections.Immutable;

namespace LoptCluster.Shared.Specification;

/// <summary>Comparison of two specifications.</summary>
public static class SpecificationDiff
{
    /// <summary>Differences in the order of the sections; empty if only the names differ.</summary>
    public static ImmutableArray<SpecificationDifference> Between(RunSpecification first, RunSpecification second) =>
        [.. from key in SpecificationKeys.All
            where key.Name != "name"
            let a = key.Toml(first)
            let b = key.Toml(second)
            where a != b
            select new SpecificationDifference(key, a, b)];
}
