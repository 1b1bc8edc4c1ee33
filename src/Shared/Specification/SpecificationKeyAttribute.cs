namespace LoptCluster.Shared.Specification;

/// <summary>Describes one value of a <see cref="RunSpecification"/> to people: its section, unit, place in the paper.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SpecificationKeyAttribute(string section, string description) : Attribute
{
    /// <summary>The heading that the key is listed under.</summary>
    public string Section { get; } = section;

    /// <summary>Meaning of the key in one sentence.</summary>
    public string Description { get; } = description;

    /// <summary>Unit of the value, or "" for a word or a pure number.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Where the paper says it ("§3", "App. D.3"), or "" if it does not.</summary>
    public string Paper { get; init; } = "";

    /// <summary>Least value allowed, inclusive. Of a list: of each item.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Greatest value allowed, inclusive.</summary>
    public double Max { get; init; } = double.PositiveInfinity;
}
