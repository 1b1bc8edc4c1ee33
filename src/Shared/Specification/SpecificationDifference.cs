namespace LoptCluster.Shared.Specification;

/// <summary>A key in which two specifications differ, with both values as TOML.</summary>
public sealed record SpecificationDifference(SpecificationKey Key, string First, string Second);
