using System.Collections.Immutable;
using System.Reflection;

namespace LoptCluster.Shared.Specification;

/// <summary>The presets that ship with the program, and access to preset files of the user.</summary>
public static class PresetCatalog
{
    private const string ResourcePrefix = "presets/";
    private const string Extension = ".toml";

    /// <summary>Preset of <c>lopt train</c> without <c>--preset</c>.</summary>
    public const string Default = "quickstart";

    /// <summary>Presets from the smallest to the largest; any others follow by name.</summary>
    private static readonly string[] Order =
        [Default, "pathology", "hyper", "mixture", "mixture-conv", "cifar", "modern", "paper", "paper-code"];

    private static Assembly Home => typeof(PresetCatalog).Assembly;

    public static ImmutableArray<string> Names { get; } =
        [.. from resource in Home.GetManifestResourceNames()
            where resource.StartsWith(ResourcePrefix, StringComparison.Ordinal)
            let name = resource[ResourcePrefix.Length..^Extension.Length]
            let place = Array.IndexOf(Order, name)
            orderby place < 0 ? Order.Length : place, name
            select name];

    /// <summary>Loads a preset by name or path and applies <c>key=value</c> overrides.</summary>
    /// <exception cref="UserErrorException">There is no such preset or file.</exception>
    /// <exception cref="SpecificationException">All mistakes in the preset and in the overrides.</exception>
    public static RunSpecification Load(string nameOrPath, params IEnumerable<string> assignments)
    {
        if (Names.Contains(nameOrPath)) return PresetFile.Parse(Text(nameOrPath), nameOrPath + Extension, assignments);
        return PresetFile.Parse(ReadFile(nameOrPath), Path.GetFileName(nameOrPath), assignments);
    }

    /// <summary>Text of a preset, with its comments.</summary>
    public static string Text(string name)
    {
        using var stream = Home.GetManifestResourceStream(ResourcePrefix + name + Extension)
            ?? throw new UserErrorException(Unknown(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Purpose of a preset: its first comment line.</summary>
    public static string Summary(string name) => Text(name).Split('\n')[0].TrimStart('#', ' ');

    private static string ReadFile(string path)
    {
        bool looksLikePath = path.Contains(Path.DirectorySeparatorChar) || path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);
        if (!File.Exists(path))
        {
            throw new UserErrorException(looksLikePath ? $"The preset file '{path}' does not exist." : Unknown(path));
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The preset file '{path}' cannot be read: {e.Message}", e);
        }
    }

    private static string Unknown(string name)
    {
        string? nearest = Nearest.Of(name, Names);
        string hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        return $"'{name}' is not a preset.{hint} Presets: {string.Join(", ", Names)}; the path of a .toml file also works.";
    }
}
