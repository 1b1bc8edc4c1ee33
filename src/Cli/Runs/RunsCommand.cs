using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Shared;
using Spectre.Console;

namespace LoptCluster.Cli.Runs;

/// <summary><c>lopt runs</c>: the runs in a folder, with what they found.</summary>
internal static class RunsCommand
{
    private static readonly (string Title, Justify Alignment, int Rank)[] Columns =
    [
        ("run", Justify.Left, 0), ("updates", Justify.Right, 2), ("training", Justify.Right, 4), ("held-out loss", Justify.Right, 3),
        ("against Adam", Justify.Right, 0), ("won", Justify.Right, 1),
    ];

    public static Command Create(CliEnvironment environment)
    {
        var folder = new Argument<string>("folder")
        {
            Description = "Folder that holds run folders: of 'lopt train', of coordinators, or of a study.",
            DefaultValueFactory = _ => RunFolder.Root,
        };
        var json = CommonOptions.Json();
        var command = new Command("runs", "List the runs in a folder with their results.") { folder, json };
        command.SetAction(parsed => Show(environment, parsed.GetRequiredValue(folder), parsed.GetValue(json)));
        return command.WithExamples("lopt runs", "lopt runs studies/estimators");
    }

    private static int Show(CliEnvironment environment, string path, bool json)
    {
        if (!Directory.Exists(path)) throw new UserErrorException($"The folder '{path}' does not exist.");
        RunFolder[] runs = [.. FoldersIn(path)];
        if (runs.Length == 0) throw new UserErrorException($"The folder '{path}' holds no run folders.");
        if (json)
        {
            environment.Output.WriteLine(Json(runs).ToJsonString());
            return 0;
        }

        string[][] rows = [.. runs.Select(folder => Row(ListedRun.Of(folder)))];
        environment.Console.Write(FittedTable.Compose(Columns, rows, environment.Console.Profile.Width));
        return 0;
    }

    /// <summary>The run folders in a folder, by name.</summary>
    public static IEnumerable<RunFolder> FoldersIn(string path) =>
        Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).Select(d => new RunFolder(d))
            .Where(f => File.Exists(f.Specification) || File.Exists(f.Database));

    /// <summary>The runs as a program reads them.</summary>
    public static JsonArray Json(IEnumerable<RunFolder> runs) => new([.. runs.Select(folder => Json(ListedRun.Of(folder)))]);

    private static string[] Row(ListedRun run)
    {
        if (run.Result is not { } r) return [run.Name, "", "unfinished", "", "", ""];
        string updates = DisplayFormat.Count(r.OuterUpdates);
        return
        [
            run.Name,
            run.IsTrained ? updates : $"{updates} of {DisplayFormat.Count(run.OuterUpdates)}",
            DisplayFormat.Duration(TimeSpan.FromSeconds(r.TrainingSeconds)),
            Text(r.Loss, "F4"),
            DisplayFormat.Improvement(r.Improvement),
            run.IsCompared ? Text(r.ShareWon, "P0") : "not compared",
        ];
    }

    private static JsonObject Json(ListedRun run) => new()
    {
        ["run"] = run.Name,
        ["outerUpdate"] = run.Result?.OuterUpdates,
        ["outerUpdates"] = run.Result is null ? null : run.OuterUpdates,
        ["trained"] = run.Result is not null && run.IsTrained,
        ["compared"] = run.IsCompared,
        ["trainingSeconds"] = Number(run.Result?.TrainingSeconds),
        ["heldOutLoss"] = Number(run.Result?.Loss),
        ["medianImprovement"] = Number(run.Result?.Improvement),
        ["shareWon"] = Number(run.Result?.ShareWon),
    };

    private static JsonNode? Number(double? value) => value is { } number ? CommonOptions.Number(number) : null;

    private static string Text(double value, string format) =>
        double.IsNaN(value) ? DisplayFormat.Unknown : value.ToString(format, CultureInfo.InvariantCulture);
}
