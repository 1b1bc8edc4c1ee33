namespace LoptCluster.Shared.Specification;

/// <summary>Documentation and range of one value of a <see cref="RunSpecification"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SpecificationKeyAttribute(string section, string description) : Attribute
{
    /// <summary>Heading under which the key is listed.</summary>
    public string Section { get; } = section;

    /// <summary>Meaning of the value, in one sentence.</summary>
    public string Description { get; } = description;

    /// <summary>Unit of the value, or "" for a word or a pure number.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Section of the paper ("§3", "App. D.3"), or "" if the paper does not mention the value.</summary>
    public string Paper { get; init; } = "";

    /// <summary>Least allowed value, inclusive; for a list, of each item.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Greatest allowed value, inclusive.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>Whether the value may differ from problem to problem of a run: an entry of <see cref="RunSpecification.Tasks"/> may set
    /// it.</summary>
    public bool PerProblem { get; init; }
}
