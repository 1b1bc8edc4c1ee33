using System.Collections.Immutable;
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
        RandomIndex = Name.Aggregate(2_166_136_261, (hash, letter) => unchecked((hash ^ letter) * 16_777_619));
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

    /// <summary>Whether a task of a mixture may set the value, so that it differs from problem to problem.</summary>
    public bool IsPerProblem => _attribute.PerProblem;

    internal bool IsNumber => Type == typeof(int) || Type == typeof(long) || Type == typeof(double);

    internal Type Type => _property.PropertyType;

    /// <summary>The allowed values in words: "a whole number from 2 to 65536", "merged, rp or es".</summary>
    public string Allowed => SpecificationValue.Allowed(Type, Range.Min, Range.Max);

    public object Value(RunSpecification specification) => _property.GetValue(specification)!;

    /// <summary>The value as TOML, which <c>--set</c> also accepts: <c>0.1</c>, <c>"merged"</c>, <c>[2, 2, 1]</c>.</summary>
    public string Toml(RunSpecification specification) => SpecificationValue.ToToml(Value(specification));

    /// <summary>
    /// Index of the key's random stream within a problem: FNV-1a of the name, so that it does not depend on other keys. Never 0, which is
    /// the choice of the task.
    /// </summary>
    internal uint RandomIndex { get; }

    /// <summary>Whether a value of the property's type, or each item of a list, lies within <see cref="Range"/>.</summary>
    internal bool Allows(object value)
    {
        IEnumerable<double> numbers = value switch
        {
            int i => [i],
            long l => [l],
            double d => [d],
            ImmutableArray<int> items => items.Select(item => (double)item),
            _ => [],
        };
        return numbers.All(x => double.IsFinite(x) && x >= Range.Min && x <= Range.Max);
    }

    /// <summary>Changes this value of a specification that nobody else has seen yet.</summary>
    internal void Assign(RunSpecification fresh, object value) => _property.SetValue(fresh, value);

    /// <summary>A copy of the specification with this value, which must have the property's type.</summary>
    internal RunSpecification With(RunSpecification specification, object value)
    {
        var copy = specification with { };
        Assign(copy, value);
        return copy;
    }
}
