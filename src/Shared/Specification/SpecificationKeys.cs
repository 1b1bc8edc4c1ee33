using System.Collections.Immutable;
using System.Reflection;

namespace LoptCluster.Shared.Specification;

/// <summary>All keys of a <see cref="RunSpecification"/>, in the order of their sections.</summary>
public static class SpecificationKeys
{
    private static readonly string[] SectionOrder =
        ["run", "data", "inner-problem", "optimizer", "unrolling", "estimation", "outer-training", "evaluation"];

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

    /// <summary>Null if there is no such key. Case does not matter.</summary>
    public static SpecificationKey? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The specification with <c>key=value</c> texts on top, as <c>--set</c> takes them.</summary>
    /// <exception cref="SpecificationException">Keys that do not exist, values that are impossible, alone or together: all of them.</exception>
    public static RunSpecification Set(RunSpecification specification, params IEnumerable<string> assignments)
    {
        var draft = new SpecificationDraft(specification);
        draft.SetAll(assignments);
        return draft.Finish();
    }

    /// <summary>Everything wrong with a specification, a line each; empty if it is sound.</summary>
    public static ImmutableArray<string> Mistakes(RunSpecification specification) =>
        [.. SpecificationRules.Mistakes(specification).Select(mistake => mistake.Text)];

    /// <exception cref="SpecificationException">The specification is not sound.</exception>
    public static void ThrowIfUnsound(RunSpecification specification)
    {
        var mistakes = Mistakes(specification);
        if (mistakes.Length > 0) throw new SpecificationException(mistakes);
    }

    /// <summary>"did you mean …?", or "" where no key is near.</summary>
    internal static string Suggestion(string name)
    {
        string? nearest = Nearest.Of(name, All.Select(key => key.Name));
        return nearest is null ? "" : $"; did you mean {nearest}?";
    }
}
