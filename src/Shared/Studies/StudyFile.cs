using System.Collections.Immutable;
using LoptCluster.Shared.Specification;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace LoptCluster.Shared.Studies;

/// <summary>A study: one preset, trained at every point of some axes.</summary>
/// <remarks>
/// TOML: <c>name</c>, <c>preset</c>, <c>data</c>, <c>parallel</c>; a table <c>[set]</c> of values that all runs have, and a table
/// <c>[axes]</c> of lists of values. Keys of both tables are those of the specification.
/// </remarks>
public sealed record StudyFile
{
    private const int MostRuns = 10_000;
    private const string SetTable = "set";
    private const string AxesTable = "axes";
    private static readonly string[] Keys = ["name", "preset", "data", "parallel"];

    public required string Name { get; init; }

    /// <summary>Name or path of the preset that all runs start from.</summary>
    public required string Preset { get; init; }

    /// <summary>Folder of image files; null: the preset's procedural images.</summary>
    public string? Data { get; init; }

    /// <summary>Runs at a time.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Values that all runs have, as texts for <c>--set</c>.</summary>
    public required ImmutableArray<string> Assignments { get; init; }

    public required ImmutableArray<StudyAxis> Axes { get; init; }

    /// <summary>A run for every point, the last axis fastest.</summary>
    public required ImmutableArray<StudyRun> Runs { get; init; }

    /// <exception cref="SpecificationException">All mistakes of the file, with their lines, and of the runs that it describes.</exception>
    public static StudyFile Parse(string toml, string fileName)
    {
        var mistakes = new List<string>();
        var document = SyntaxParser.Parse(toml, fileName, validate: true);
        foreach (var diagnostic in document.Diagnostics)
            mistakes.Add($"{fileName}:{diagnostic.Span.Start.Line + 1}: {diagnostic.Message.ReplaceLineEndings(" ")}");
        if (document.HasErrors) throw new SpecificationException([.. mistakes]);

        var top = Pairs(document.KeyValues).ToDictionary(p => p.Key);
        foreach (var (key, _, line) in top.Values.Where(p => !Keys.Contains(p.Key)))
            mistakes.Add($"{fileName}:{line}: '{key}' is not a key of a study. Keys: {string.Join(", ", Keys)}; tables: [set], [axes].");
        foreach (var table in document.Tables.Where(t => NameOf(t) is not (SetTable or AxesTable)))
            mistakes.Add($"{fileName}:{table.Span.Start.Line + 1}: '[{NameOf(table)}]' is not a table of a study. Tables: [set], [axes].");

        int parallel = 1;
        if (top.TryGetValue("parallel", out var given) && !(int.TryParse(Text(given.Value), out parallel) && parallel >= 1))
            mistakes.Add($"{fileName}:{given.Line}: parallel '{Text(given.Value)}' must be a whole number of at least 1.");
        var assignments = Table(document, SetTable).Select(p => $"{p.Key}={Text(p.Value)}").ToImmutableArray();
        var axes = ReadAxes(document, fileName, mistakes);
        string preset = Word("preset") ?? PresetCatalog.Default;
        string? data = Word("data");
        var runs = mistakes.Count == 0 ? Combine(preset, data, assignments, axes, mistakes) : [];
        if (mistakes.Count > 0) throw new SpecificationException([.. mistakes.Distinct()]);
        return new StudyFile
        {
            Name = Word("name") ?? Path.GetFileNameWithoutExtension(fileName),
            Preset = preset,
            Data = data,
            Parallel = parallel,
            Assignments = assignments,
            Axes = axes,
            Runs = runs,
        };

        string? Word(string key) => top.TryGetValue(key, out var pair) ? Text(pair.Value) : null;
    }

    private static ImmutableArray<StudyAxis> ReadAxes(DocumentSyntax document, string fileName, List<string> mistakes)
    {
        var axes = ImmutableArray.CreateBuilder<StudyAxis>();
        foreach (var (key, value, line) in Table(document, AxesTable))
        {
            if (value is ArraySyntax array && array.Items.Any()) axes.Add(new StudyAxis(key, [.. array.Items.Select(i => Text(i.Value))]));
            else mistakes.Add($"{fileName}:{line}: the axis '{key}' must be a list of values. Example: {key} = [1, 2, 3]");
        }

        if (axes.Count == 0 && mistakes.Count == 0)
            mistakes.Add($"{fileName}: a study needs at least one axis. Example of lines: [axes] and seed = [1, 2, 3]");
        if (axes.Aggregate(1L, (product, axis) => Math.Min(MostRuns + 1, product * axis.Values.Length)) > MostRuns)
            mistakes.Add($"{fileName}: the axes have more than {MostRuns:N0} points; shorten them.");
        return axes.ToImmutable();
    }

    private static ImmutableArray<StudyRun> Combine(
        string preset, string? data, ImmutableArray<string> assignments, ImmutableArray<StudyAxis> axes, List<string> mistakes)
    {
        IEnumerable<ImmutableArray<(string Key, string Value)>> points = [[]];
        foreach (var axis in axes) points = points.SelectMany(point => axis.Values.Select(value => point.Add((axis.Key, value))));
        var runs = ImmutableArray.CreateBuilder<StudyRun>();
        foreach (var point in points)
        {
            try
            {
                string[] files = data is null ? [] : ["dataset=files"];
                var all = files.Concat(assignments).Concat(point.Select(p => $"{p.Key}={p.Value}"));
                runs.Add(new StudyRun(point, PresetCatalog.Load(preset, all)));
            }
            catch (SpecificationException e)
            {
                mistakes.AddRange(e.Mistakes);
            }
        }

        foreach (var same in runs.GroupBy(r => r.FolderName, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            mistakes.Add($"Two runs of the study are '{same.First().Label}'. Each point of the axes must differ from all others.");
        return runs.ToImmutable();
    }

    private static IEnumerable<(string Key, ValueSyntax? Value, int Line)> Table(DocumentSyntax document, string name) =>
        document.Tables.Where(t => NameOf(t) == name).SelectMany(t => Pairs(t.Items));

    private static IEnumerable<(string Key, ValueSyntax? Value, int Line)> Pairs(IEnumerable<KeyValueSyntax> pairs) =>
        pairs.Select(p => (p.Key?.ToString().Trim() ?? "", p.Value, p.Span.Start.Line + 1));

    private static string NameOf(TableSyntaxBase table) => table.Name?.ToString().Trim() ?? "";

    private static string Text(SyntaxNode? value) => value is StringValueSyntax { Value: { } text } ? text : value?.ToString().Trim() ?? "";
}
