using System.CommandLine;
using System.Globalization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Coordinator.Run;
using LoptCluster.Shared;
using Spectre.Console;

namespace LoptCluster.Cli.Runs;

/// <summary><c>lopt runs</c>: the runs in a folder, with what they found.</summary>
internal static class RunsCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var folder = new Argument<string>("folder")
        {
            Description = "Folder that holds run folders: of 'lopt train' or of a study.",
            DefaultValueFactory = _ => RunFolder.Root,
        };
        var command = new Command("runs", "List the runs in a folder with their results.") { folder };
        command.SetAction(parsed => Show(environment, parsed.GetRequiredValue(folder)));
        return command.WithExamples("lopt runs", "lopt runs studies/estimators");
    }

    private static int Show(CliEnvironment environment, string path)
    {
        if (!Directory.Exists(path)) throw new UserErrorException($"The folder '{path}' does not exist.");
        RunFolder[] runs =
        [
            .. Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).Select(d => new RunFolder(d))
                .Where(f => File.Exists(f.Specification)),
        ];
        if (runs.Length == 0) throw new UserErrorException($"The folder '{path}' holds no run folders.");
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in (ReadOnlySpan<string>)["run", "updates", "training", "held-out loss", "against Adam", "won"])
            table.AddColumn(new TableColumn(column) { Alignment = column == "run" ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (var folder in runs) table.AddRow([.. Row(folder).Select(Markup.Escape)]);
        environment.Console.Write(table);
        return 0;
    }

    private static IEnumerable<string> Row(RunFolder folder)
    {
        string name = Path.GetFileName(folder.Path);
        var result = RunResult.Read(folder);
        var recorded = result is null ? RecordedRun.Find(folder.Path) : null;
        if ((result ?? (recorded is null ? null : RunResult.Of(recorded))) is not { } r) return [name, "", "unfinished", "", "", ""];
        string updates = DisplayFormat.Count(r.OuterUpdates);
        return
        [
            name,
            recorded is { IsTrained: false } ? $"{updates} of {DisplayFormat.Count(recorded.OuterUpdates)}" : updates,
            DisplayFormat.Duration(TimeSpan.FromSeconds(r.TrainingSeconds)),
            Text(r.Loss, "F4"),
            DisplayFormat.Improvement(r.Improvement),
            result is null ? "not compared" : Text(r.ShareWon, "P0"),
        ];
    }

    private static string Text(double value, string format) =>
        double.IsNaN(value) ? DisplayFormat.Unknown : value.ToString(format, CultureInfo.InvariantCulture);
}
