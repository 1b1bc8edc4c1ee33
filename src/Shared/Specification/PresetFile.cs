using System.Text;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace LoptCluster.Shared.Specification;

/// <summary>A preset as a file: TOML with flat camelCase keys, and a table for each task of a mixture; a missing key keeps its
/// default.</summary>
public static class PresetFile
{
    private const string TasksKey = "tasks";

    /// <summary>Parses the text of a preset file and applies overrides.</summary>
    /// <param name="toml">Text of the file.</param>
    /// <param name="fileName">Name of the file in messages.</param>
    /// <param name="assignments"><c>key=value</c> texts that override the file.</param>
    /// <exception cref="SpecificationException">All mistakes in the file, with their lines, and in the overrides.</exception>
    public static RunSpecification Parse(string toml, string fileName, params IEnumerable<string> assignments)
    {
        var draft = new SpecificationDraft(new RunSpecification());
        var document = SyntaxParser.Parse(toml, fileName, validate: true);
        foreach (var diagnostic in document.Diagnostics)
        {
            draft.AddMistake($"{fileName}:{diagnostic.Span.Start.Line + 1}: {diagnostic.Message.ReplaceLineEndings(" ")}");
        }

        if (!document.HasErrors) Read(document, fileName, draft);
        draft.SetAll(assignments);
        return draft.Finish();
    }

    /// <summary>Every value with its unit, section of the paper and meaning, as a valid preset file.</summary>
    /// <param name="heading">Lines at the top, without '#'.</param>
    public static string Write(RunSpecification specification, params IEnumerable<string> heading)
    {
        var text = new StringBuilder();
        foreach (string line in heading) text.Append("# ").Append(line).Append('\n');
        foreach (var section in SpecificationKeys.All.Where(key => key.Name != TasksKey).GroupBy(key => key.Section))
        {
            if (text.Length > 0) text.Append('\n');
            text.Append("# ── ").Append(section.Key).Append(" ──\n");
            var lines = section.Select(key => (Value: $"{key.Name} = {key.Toml(specification)}", Key: key)).ToList();
            int width = Math.Min(44, lines.Max(line => line.Value.Length));
            foreach (var (value, key) in lines)
            {
                string words = key.IsWord ? $"{key.Description.TrimEnd('.')}: {key.Allowed}." : key.Description;
                string[] remarks = [key.Unit, key.Paper, words];
                text.Append(value.PadRight(width)).Append("  # ").AppendJoin(" · ", remarks.Where(remark => remark != "")).Append('\n');
            }
        }

        WriteTasks(specification, text);
        return text.ToString();
    }

    private static void Read(DocumentSyntax document, string fileName, SpecificationDraft draft)
    {
        foreach (var pair in document.KeyValues)
        {
            string name = pair.Key?.ToString().Trim() ?? "";
            string shown = pair.Value is StringValueSyntax { Value: { } text } ? text : pair.Value?.ToString().Trim() ?? "";
            draft.Set($"{fileName}:{pair.Span.Start.Line + 1}: ", name, _ => TomlReader.Raw(pair.Value), shown);
        }

        var tasks = document.Tables.OfType<TableArraySyntax>().Where(IsTasks).ToList();
        if (tasks.Count > 0)
        {
            IReadOnlyList<object> raw = [.. tasks.Select(task => TomlReader.Table(task.Items))];
            draft.Set($"{fileName}:{tasks[0].Span.Start.Line + 1}: ", TasksKey, _ => raw, "");
        }

        foreach (var table in document.Tables.Where(table => !IsTasks(table)))
        {
            draft.AddMistake(
                $"{fileName}:{table.Span.Start.Line + 1}: '[{table.Name?.ToString().Trim()}]' is a table, which presets do not have. "
                + "Example of a line: innerSteps = 500. A task of a mixture begins with [[tasks]].");
        }
    }

    private static bool IsTasks(TableSyntaxBase table) =>
        table is TableArraySyntax && string.Equals(table.Name?.ToString().Trim(), TasksKey, StringComparison.OrdinalIgnoreCase);

    /// <summary>Tables are at the end of a file: keys behind them would belong to them.</summary>
    private static void WriteTasks(RunSpecification specification, StringBuilder text)
    {
        foreach (var task in specification.Tasks)
        {
            text.Append($"\n[[{TasksKey}]]\n");
            foreach (var (key, value) in task.Raw) text.Append($"{key} = {SpecificationValue.ToToml(value)}\n");
        }
    }
}
