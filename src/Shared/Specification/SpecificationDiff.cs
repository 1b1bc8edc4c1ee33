using System.Collections.Immutable;

namespace LoptCluster.Shared.Specification;

/// <summary>A key that two specifications disagree on, with both values as TOML.</summary>
public sealed record SpecificationDifference(SpecificationKey Key, string First, string Second);

/// <summary>What two specifications disagree on.</summary>
public static class SpecificationDiff
{
    /// <summary>In the order of the sections; empty if they are the same run but for its name.</summary>
    public static ImmutableArray<SpecificationDifference> Between(RunSpecification first, RunSpecification second) =>
        [.. from key in SpecificationKeys.All
            where key.Name != "name"
            let a = key.Toml(first)
            let b = key.Toml(second)
            where a != b
            select new SpecificationDifference(key, a, b)];
}
