using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Studies;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.Shared.Studies;

namespace LoptCluster.Cli.Reproduction;

/// <summary>Trains studies in processes of this machine, in a folder of the reproduction; shows what <c>lopt study</c> shows.</summary>
/// <param name="folder">Folder of the studies.</param>
/// <param name="data">Folder of image files; null: procedural images.</param>
internal sealed class StudyFigureTrainer(CliEnvironment environment, string folder, string? data) : IFigureTrainer
{
    public IReadOnlyList<FigureTraining> Train(FigureStudy study, CancellationToken cancellation) =>
        TrainAsync(study, cancellation).GetAwaiter().GetResult();

    /// <summary>Writes a study to its file, from which this machine or a fleet trains it.</summary>
    /// <param name="study">The study.</param>
    /// <param name="keepsMore">Leaves a file that has its runs and others: they are of another figure or of more seeds.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    /// <returns>The file, and the study with its folder as it stands.</returns>
    /// <exception cref="UserErrorException">The images are missing, or do not suffice.</exception>
    public async Task<(string File, OpenedStudy Study)> WriteAsync(
        FigureStudy study, bool keepsMore, CancellationToken cancellation)
    {
        // Once for all runs.
        _ = DatasetCatalog.OpenRun(study.Base, data);
        // Runs of another version of the engine are not resumed: they may be others.
        string own = Path.Combine(folder, $"{study.Name}-engine{EngineVersion.Current}");
        string file = own + ".toml", preset = own + ".preset.toml";
        Directory.CreateDirectory(folder);
        string common = PresetFile.Write(study.Base, $"What all runs of the study '{study.Name}' have.");
        string toml = study.ToToml(preset, data);
        if (keepsMore && File.Exists(preset) && await File.ReadAllTextAsync(preset, cancellation) == common && HasRunsOf(file, toml))
            return (file, await OpenedStudy.OpenAsync(file, own, cancellation));
        await File.WriteAllTextAsync(preset, common, cancellation);
        await File.WriteAllTextAsync(file, toml, cancellation);
        return (file, await OpenedStudy.OpenAsync(file, own, cancellation));
    }

    private static bool HasRunsOf(string file, string toml)
    {
        try
        {
            var labels = StudyFile.Parse(File.ReadAllText(file), file).Runs.Select(r => r.Label).ToHashSet();
            return StudyFile.Parse(toml, file).Runs.All(r => labels.Contains(r.Label));
        }
        catch (Exception e) when (e is FileNotFoundException or UserErrorException)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<FigureTraining>> TrainAsync(FigureStudy study, CancellationToken cancellation)
    {
        var (file, (opened, _, entries)) = await WriteAsync(study, keepsMore: false, cancellation);
        foreach (var entry in entries) entry.FindEarlier();
        HashSet<StudyEntry> kept = [.. entries.Where(e => e.State == StudyRunState.Finished)];
        int waiting = entries.Count(e => e.State == StudyRunState.Waiting);
        if (waiting > 0)
        {
            environment.Output.WriteLine(
                $"  training {DisplayFormat.Plural(waiting, "run")} of the study '{study.Name}' ({file}); Ctrl-C stops, the same command "
                + "continues");
        }

        var display = new StudyDisplay(environment, entries);
        await display.ShowAsync(() => new StudyRunner(environment.Time, opened, entries, display.Note).RunAsync(cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (entries.FirstOrDefault(e => e.State == StudyRunState.Failed) is { } failed)
            throw new UserErrorException($"The run '{failed.Run.Label}' of the study '{study.Name}' failed: {failed.Failure}");
        return [.. entries.Select(e => new FigureTraining(e.Run.Case?.Name ?? "", e.Run.Specification, e.Folder, kept.Contains(e)))];
    }
}
