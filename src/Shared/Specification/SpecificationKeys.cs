using System.Collections.Immutable;
using System.Reflection;

namespace LoptCluster.Shared.Specification;

/// <summary>All keys of a <see cref="RunSpecification"/>, in the order of their sections.</summary>
public static class SpecificationKeys
{
    private static readonly string[] SectionOrder =
        ["run", "data", "inner-problem", "optimizer", "unrolling", "estimation", "outer-training", "evaluation", "tasks"];

    private static readonly ImmutableDictionary<string, SpecificationKey> ByName;

    static SpecificationKeys()
    {
        var keys = from property in typeof(RunSpecification).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                   let attribute = property.GetCustomAttribute<SpecificationKeyAttribute>()
                   where attribute is not null
                   orderby Array.IndexOf(SectionOrder, attribute.Section), property.MetadataToken
                   select new SpecificationKey(property, attribute);
        All = [.. keys];
        ByName = All.ToImmutableDictionary(key => key.Name, StringComparer.OrdinalIgnoreCase);
    }

    public static ImmutableArray<SpecificationKey> All { get; }

    /// <summary>The key of this name in any case; null if there is none.</summary>
    public static SpecificationKey? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The specification with values replaced by <c>key=value</c> texts, as <c>--set</c> accepts them.</summary>
    /// <exception cref="SpecificationException">All unknown keys, invalid values and contradictions.</exception>
    public static RunSpecification Set(RunSpecification specification, params IEnumerable<string> assignments)
    {
        var draft = new SpecificationDraft(specification);
        draft.SetAll(assignments);
        return draft.Finish();
    }

    /// <summary>" Did you mean '…'?", or "" if no key has a similar name.</summary>
    internal static string Suggestion(string name) => Suggestion(name, All.Select(key => key.Name));

    /// <summary>The same among some names only.</summary>
    internal static string Suggestion(string name, IEnumerable<string> names)
    {
        string? nearest = Nearest.Of(name, names);
        return nearest is null ? "" : $" Did you mean '{nearest}'?";
    }
}
