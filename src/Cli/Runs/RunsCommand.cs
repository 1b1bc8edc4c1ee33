using System.CommandLine;
using System.Globalization;
using LoptCluster.Cli.CommandLine;
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
        foreach (string column in (ReadOnlySpan<string>)["run", "updates", "training", "held-out loss", "below Adam", "won"])
            table.AddColumn(new TableColumn(column) { Alignment = column == "run" ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (var folder in runs) table.AddRow([.. Row(folder).Select(Markup.Escape)]);
        environment.Console.Write(table);
        return 0;
    }

    private static IEnumerable<string> Row(RunFolder folder)
    {
        string name = Path.GetFileName(folder.Path);
        if (RunResult.Read(folder) is not { } r) return [name, "", "unfinished", "", "", ""];
        return
        [
            name,
            DisplayFormat.Count(r.OuterUpdates),
            DisplayFormat.Duration(TimeSpan.FromSeconds(r.TrainingSeconds)),
            r.Loss.ToString("F4", CultureInfo.InvariantCulture),
            r.Improvement.ToString("P1", CultureInfo.InvariantCulture),
            r.ShareWon.ToString("P0", CultureInfo.InvariantCulture),
        ];
    }
}
