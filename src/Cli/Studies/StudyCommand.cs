using System.CommandLine;
using System.Globalization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Runs;
using Spectre.Console;

namespace LoptCluster.Cli.Studies;

/// <summary><c>lopt study</c>: trains a preset at every point of some axes and compares the runs.</summary>
internal static class StudyCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var file = new Argument<string>("file") { Description = "Study file (TOML): a preset, values, and axes." };
        var folder = new Option<string?>("--folder")
        {
            Description = $"Folder of the study (default: {OpenedStudy.Root}/<name>). Finished runs in it are kept; others are resumed.",
            HelpName = "DIR",
        };
        var json = CommonOptions.JsonResult("what 'lopt runs --json' prints of the study's folder");
        var command = new Command("study", "Train a preset at every point of some axes (values of any key, seeds) and compare the runs.")
        {
            file, folder, json,
        };
        command.SetAction((parsed, stop) => RunAsync(
            parsed.GetValue(json) ? environment.WithWordsOnError() : environment,
            parsed.GetRequiredValue(file),
            parsed.GetValue(folder),
            parsed.GetValue(json) ? environment.Output : null,
            stop));
        return command.WithExamples(
            "lopt study estimators.toml      # the same again resumes it",
            "lopt runs studies/estimators    # its runs as a table");
    }

    private static async Task<int> RunAsync(
        CliEnvironment environment, string file, string? path, TextWriter? json, CancellationToken stop)
    {
        var (study, folder, entries) = await OpenedStudy.OpenAsync(file, path, stop);
        foreach (var entry in entries) entry.FindEarlier();
        environment.Output.WriteLine(
            $"{study.Name}: {DisplayFormat.Plural(entries.Count, "run")} of preset '{study.Preset}', "
            + $"{entries.Count(e => e.State == StudyRunState.Finished)} finished before, {study.Parallel ?? 1} at a time, in {folder}");
        var display = new StudyDisplay(environment, entries);
        string page = Path.Combine(folder, "study.html"), curves = Path.Combine(folder, "curves.svg");
        var writing = new Lock();
        var runner = new StudyRunner(environment.Time, study, entries, entry =>
        {
            display.Note(entry);
            if (entry.State == StudyRunState.Running) return;
            lock (writing) File.WriteAllText(page, StudyPage.Compose(study, entries));
        });
        await display.ShowAsync(() => runner.RunAsync(stop));
        await File.WriteAllTextAsync(page, StudyPage.Compose(study, entries), CancellationToken.None);
        if (StudyPage.ComposeCurves(entries) is { } svg) await File.WriteAllTextAsync(curves, svg, CancellationToken.None);
        environment.Console.Write(Table(StudyGroup.Of(entries)));
        environment.Output.WriteLine($"page     {page}");
        if (!stop.IsCancellationRequested) json?.WriteLine(RunsCommand.Json(RunsCommand.FoldersIn(folder)).ToJsonString());
        return Conclude(environment, file, entries, stop);
    }

    private static int Conclude(CliEnvironment environment, string file, IReadOnlyList<StudyEntry> entries, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            environment.Output.WriteLine($"Stopped; nothing is lost. To continue: lopt study {file}");
            return ExitStatus.Interrupted;
        }

        return ReportFailed(environment, entries);
    }

    /// <summary>Names the runs that failed, with their reasons.</summary>
    /// <returns>Exit status.</returns>
    public static int ReportFailed(CliEnvironment environment, IReadOnlyList<StudyEntry> entries)
    {
        StudyEntry[] failed = [.. entries.Where(e => e.State == StudyRunState.Failed)];
        foreach (var entry in failed) environment.Error.WriteLine($"{entry.Run.Label} failed: {entry.Failure}");
        return failed.Length == 0 ? 0 : ExitStatus.Negative;
    }

    public static Table Table(IReadOnlyList<StudyGroup> groups)
    {
        var title = new TableTitle("Held-out mean loss, medians and quartiles over the runs");
        var table = new Table { Border = TableBorder.Simple, Title = title };
        foreach (string column in (ReadOnlySpan<string>)["runs", "n", "loss", "quartiles", "against Adam", "training"])
            table.AddColumn(new TableColumn(column) { Alignment = column == "runs" ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (var group in groups.OrderBy(g => g.Loss.Median))
        {
            table.AddRow(
                Markup.Escape(group.Name),
                $"{group.Results.Count}",
                Loss(group.Loss.Median),
                $"{Loss(group.Loss.Lower)}–{Loss(group.Loss.Upper)}",
                DisplayFormat.Improvement(group.Improvement.Median),
                DisplayFormat.Duration(TimeSpan.FromSeconds(group.TrainingSeconds.Median)));
        }

        return table;
    }

    private static string Loss(double loss) => loss.ToString("F4", CultureInfo.InvariantCulture);
}
