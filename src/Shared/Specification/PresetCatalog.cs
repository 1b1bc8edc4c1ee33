using System.Collections.Immutable;
using System.Reflection;

namespace LoptCluster.Shared.Specification;

/// <summary>The presets that ship with the program, and any file of the user's.</summary>
public static class PresetCatalog
{
    private const string ResourcePrefix = "presets/";
    private const string Extension = ".toml";

    /// <summary>What <c>lopt train</c> runs when nothing is said.</summary>
    public const string Default = "quickstart";

    /// <summary>From the smallest to the largest, then any that this list does not know.</summary>
    private static readonly string[] Order = [Default, "pathology", "cifar", "modern", "paper", "paper-code"];

    private static Assembly Home => typeof(PresetCatalog).Assembly;

    public static ImmutableArray<string> Names { get; } =
        [.. from resource in Home.GetManifestResourceNames()
            where resource.StartsWith(ResourcePrefix, StringComparison.Ordinal)
            let name = resource[ResourcePrefix.Length..^Extension.Length]
            let place = Array.IndexOf(Order, name)
            orderby place < 0 ? Order.Length : place, name
            select name];

    /// <summary>A preset by name or by path, with <c>key=value</c> texts on top.</summary>
    /// <exception cref="UserErrorException">There is no such preset or file.</exception>
    /// <exception cref="SpecificationException">All mistakes in it and in the assignments.</exception>
    public static RunSpecification Load(string nameOrPath, params IEnumerable<string> assignments)
    {
        if (Names.Contains(nameOrPath)) return PresetFile.Parse(Text(nameOrPath), nameOrPath + Extension, assignments);
        return PresetFile.Parse(ReadFile(nameOrPath), Path.GetFileName(nameOrPath), assignments);
    }

    /// <summary>The file of a preset, with its comments.</summary>
    public static string Text(string name)
    {
        using var stream = Home.GetManifestResourceStream(ResourcePrefix + name + Extension)
            ?? throw new UserErrorException(Unknown(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The first comment line of a preset: what it is for.</summary>
    public static string Summary(string name) => Text(name).Split('\n')[0].TrimStart('#', ' ');

    private static string ReadFile(string path)
    {
        bool looksLikePath = path.Contains(Path.DirectorySeparatorChar) || path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);
        if (!File.Exists(path))
        {
            throw new UserErrorException(looksLikePath ? $"preset file {path}: there is no such file" : Unknown(path));
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"preset file {path}: cannot be read: {e.Message}", e);
        }
    }

    private static string Unknown(string name)
    {
        string? nearest = Nearest.Of(name, Names);
        string hint = nearest is null ? "" : $"; did you mean {nearest}?";
        return $"preset {name}: there is no such preset or file{hint} There are {string.Join(", ", Names)}; a path to a .toml file does too.";
    }
}
