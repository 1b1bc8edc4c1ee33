using System.Reflection;
using System.Text.Json;

namespace LoptCluster.Shared.Specification;

/// <summary>One key of a <see cref="RunSpecification"/>: its name in files, what it means, how its value is read and written.</summary>
public sealed class SpecificationKey
{
    private readonly PropertyInfo _property;
    private readonly SpecificationKeyAttribute _attribute;

    internal SpecificationKey(PropertyInfo property, SpecificationKeyAttribute attribute)
    {
        _property = property;
        _attribute = attribute;
        Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
    }

    /// <summary>The property's name in camelCase, as preset files and <c>--set</c> spell it.</summary>
    public string Name { get; }

    public string Section => _attribute.Section;

    public string Description => _attribute.Description;

    /// <summary>"" for a word or a pure number.</summary>
    public string Unit => _attribute.Unit;

    /// <summary>"§3", "App. D.3", or "" where the paper does not say it.</summary>
    public string Paper => _attribute.Paper;

    /// <summary>Least and greatest value allowed, inclusive; infinite where there is none.</summary>
    public (double Min, double Max) Range => (_attribute.Min, _attribute.Max);

    /// <summary>One of a few words, which <see cref="Allowed"/> lists.</summary>
    public bool IsWord => Type.IsEnum;

    internal Type Type => _property.PropertyType;

    /// <summary>What may stand there, in words: "a whole number, 2 … 65536", "merged, rp or es".</summary>
    public string Allowed => SpecificationValue.Allowed(Type, Range.Min, Range.Max);

    public object Value(RunSpecification specification) => _property.GetValue(specification)!;

    /// <summary>The value as TOML, which <c>--set</c> reads too: <c>0.1</c>, <c>"merged"</c>, <c>[2, 2, 1]</c>.</summary>
    public string Toml(RunSpecification specification) => SpecificationValue.ToToml(Value(specification));

    /// <summary>A specification with this value instead. The value must be of the property's type.</summary>
    internal RunSpecification With(RunSpecification specification, object value)
    {
        var copy = specification with { };
        _property.SetValue(copy, value);
        return copy;
    }
}
