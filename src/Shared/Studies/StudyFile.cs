using System.Collections.Immutable;
using LoptCluster.Shared.Specification;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace LoptCluster.Shared.Studies;

/// <summary>A study: one preset, trained at every point of some axes.</summary>
/// <remarks>
/// TOML: <c>name</c>, <c>preset</c>, <c>data</c>, <c>parallel</c>; a table <c>[set]</c> of values that all runs have, a table <c>[axes]</c>
/// of lists of values, and tables <c>[[cases]]</c> of values that go together, each with a <c>name</c>. Keys of the tables are those of the
/// specification.
/// </remarks>
public sealed record StudyFile
{
    private const int MostRuns = 10_000;
    private const string SetTable = "set";
    private const string AxesTable = "axes";
    private const string CasesTable = "cases";
    private const string CaseName = "name";
    private const string Tables = "Tables: [set], [axes], [[cases]].";
    private static readonly string[] Keys = ["name", "preset", "data", "parallel"];

    public required string Name { get; init; }

    /// <summary>Name or path of the preset that all runs start from.</summary>
    public required string Preset { get; init; }

    /// <summary>Folder of image files; null: the preset's procedural images.</summary>
    public string? Data { get; init; }

    /// <summary>Runs at a time; null: one on a machine, all on a fleet.</summary>
    public int? Parallel { get; init; }

    /// <summary>Values that all runs have, as texts for <c>--set</c>.</summary>
    public required ImmutableArray<string> Assignments { get; init; }

    public required ImmutableArray<StudyAxis> Axes { get; init; }

    /// <summary>Cases that are trained at every point of the axes; none: one without a name.</summary>
    public required ImmutableArray<StudyCase> Cases { get; init; }

    /// <summary>A run for every case and point, the last axis fastest.</summary>
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
            mistakes.Add($"{fileName}:{line}: '{key}' is not a key of a study. Keys: {string.Join(", ", Keys)}. {Tables}");
        foreach (var table in document.Tables.Where(t => !IsKnown(t)))
            mistakes.Add($"{fileName}:{table.Span.Start.Line + 1}: '[{NameOf(table)}]' is not a table of a study. {Tables}");

        int parallel = 1;
        if (top.TryGetValue("parallel", out var given) && !(int.TryParse(Text(given.Value), out parallel) && parallel >= 1))
            mistakes.Add($"{fileName}:{given.Line}: parallel '{Text(given.Value)}' must be a whole number of at least 1.");
        var assignments = Table(document, SetTable).Select(p => $"{p.Key}={Text(p.Value)}").ToImmutableArray();
        var cases = ReadCases(document, fileName, mistakes);
        var axes = ReadAxes(document, fileName, cases.Length, mistakes);
        string preset = Word("preset") ?? PresetCatalog.Default;
        string? data = Word("data");
        var runs = mistakes.Count == 0 ? Combine(preset, data, assignments, cases, axes, mistakes) : [];
        if (mistakes.Count > 0) throw new SpecificationException([.. mistakes.Distinct()]);
        return new StudyFile
        {
            Name = Word("name") ?? Path.GetFileNameWithoutExtension(fileName),
            Preset = preset,
            Data = data,
            Parallel = top.ContainsKey("parallel") ? parallel : null,
            Assignments = assignments,
            Axes = axes,
            Cases = cases,
            Runs = runs,
        };

        string? Word(string key) => top.TryGetValue(key, out var pair) ? Text(pair.Value) : null;
    }

    private static bool IsKnown(TableSyntaxBase table) =>
        table is TableArraySyntax ? NameOf(table) is CasesTable : NameOf(table) is SetTable or AxesTable;

    private static ImmutableArray<StudyCase> ReadCases(DocumentSyntax document, string fileName, List<string> mistakes)
    {
        var cases = ImmutableArray.CreateBuilder<StudyCase>();
        foreach (var table in document.Tables.Where(t => NameOf(t) == CasesTable))
        {
            var values = Pairs(table.Items).ToLookup(p => p.Key == CaseName);
            if (values[true].FirstOrDefault() is { Value: not null } name)
                cases.Add(new StudyCase(Text(name.Value), [.. values[false].Select(p => $"{p.Key}={Text(p.Value)}")]));
            else
                mistakes.Add($"{fileName}:{table.Span.Start.Line + 1}: a case needs a name. Example of a line: name = \"long unrolls\"");
        }

        return cases.ToImmutable();
    }

    private static ImmutableArray<StudyAxis> ReadAxes(DocumentSyntax document, string fileName, int cases, List<string> mistakes)
    {
        var axes = ImmutableArray.CreateBuilder<StudyAxis>();
        foreach (var (key, value, line) in Table(document, AxesTable))
        {
            if (value is ArraySyntax array && array.Items.Any()) axes.Add(new StudyAxis(key, [.. array.Items.Select(i => Text(i.Value))]));
            else mistakes.Add($"{fileName}:{line}: the axis '{key}' must be a list of values. Example: {key} = [1, 2, 3]");
        }

        if (axes.Count == 0 && cases == 0 && mistakes.Count == 0)
            mistakes.Add($"{fileName}: a study needs cases or at least one axis. Example of lines: [axes] and seed = [1, 2, 3]");
        if (axes.Aggregate(Math.Max(1L, cases), (product, axis) => Math.Min(MostRuns + 1, product * axis.Values.Length)) > MostRuns)
            mistakes.Add($"{fileName}: cases and axes make more than {MostRuns:N0} runs; shorten them.");
        return axes.ToImmutable();
    }

    private static ImmutableArray<StudyRun> Combine(
        string preset,
        string? data,
        ImmutableArray<string> assignments,
        ImmutableArray<StudyCase> cases,
        ImmutableArray<StudyAxis> axes,
        List<string> mistakes)
    {
        IEnumerable<ImmutableArray<(string Key, string Value)>> points = [[]];
        foreach (var axis in axes) points = points.SelectMany(point => axis.Values.Select(value => point.Add((axis.Key, value))));
        var runs = ImmutableArray.CreateBuilder<StudyRun>();
        foreach (var (one, point) in cases.DefaultIfEmpty<StudyCase?>(null).SelectMany(one => points.Select(point => (one, point))))
        {
            try
            {
                string[] files = data is null ? [] : ["dataset=files"];
                var run = new StudyRun(one, point, new RunSpecification());
                runs.Add(run with { Specification = PresetCatalog.Load(preset, files.Concat(assignments).Concat(run.Assignments)) });
            }
            catch (SpecificationException e)
            {
                mistakes.AddRange(e.Mistakes);
            }
        }

        foreach (var same in runs.GroupBy(r => r.FolderName, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            mistakes.Add($"Two runs of the study are '{same.First().Label}'. Each case and each point of the axes must differ.");
        return runs.ToImmutable();
    }

    private static IEnumerable<(string Key, ValueSyntax? Value, int Line)> Table(DocumentSyntax document, string name) =>
        document.Tables.Where(t => NameOf(t) == name).SelectMany(t => Pairs(t.Items));

    private static IEnumerable<(string Key, ValueSyntax? Value, int Line)> Pairs(IEnumerable<KeyValueSyntax> pairs) =>
        pairs.Select(p => (p.Key?.ToString().Trim() ?? "", p.Value, p.Span.Start.Line + 1));

    private static string NameOf(TableSyntaxBase table) => table.Name?.ToString().Trim() ?? "";

    private static string Text(SyntaxNode? value) => value is StringValueSyntax { Value: { } text } ? text : value?.ToString().Trim() ?? "";
}
