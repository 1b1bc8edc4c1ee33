using System.Reflection;
using System.Text.Json;

namespace LoptCluster.Shared.Specification;

/// <summary>One key of a <see cref="RunSpecification"/>: its name, description and allowed values, and access to its value.</summary>
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

    /// <summary>Unit of the value; "" for a word or a pure number.</summary>
    public string Unit => _attribute.Unit;

    /// <summary>Section of the paper: "§3", "App. D.3"; "" if the paper does not mention the value.</summary>
    public string Paper => _attribute.Paper;

    /// <summary>Least and greatest allowed value, inclusive; infinite if there is no limit.</summary>
    public (double Min, double Max) Range => (_attribute.Min, _attribute.Max);

    /// <summary>Whether the value is one of the words that <see cref="Allowed"/> lists.</summary>
    public bool IsWord => Type.IsEnum;

    internal Type Type => _property.PropertyType;

    /// <summary>The allowed values in words: "a whole number from 2 to 65536", "merged, rp or es".</summary>
    public string Allowed => SpecificationValue.Allowed(Type, Range.Min, Range.Max);

    public object Value(RunSpecification specification) => _property.GetValue(specification)!;

    /// <summary>The value as TOML, which <c>--set</c> also accepts: <c>0.1</c>, <c>"merged"</c>, <c>[2, 2, 1]</c>.</summary>
    public string Toml(RunSpecification specification) => SpecificationValue.ToToml(Value(specification));

    /// <summary>A copy of the specification with this value, which must have the property's type.</summary>
    internal RunSpecification With(RunSpecification specification, object value)
    {
        var copy = specification with { };
        _property.SetValue(copy, value);
        return copy;
    }
}
