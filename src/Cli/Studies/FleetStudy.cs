using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator;
using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Studies;

/// <summary>A study on one fleet: <c>lopt coordinator --study</c> serves its runs together and shows how they stand.</summary>
internal sealed class FleetStudy(CliEnvironment environment)
{
    /// <param name="file">The study file.</param>
    /// <param name="folder">Folder of the study; null: the one of its name.</param>
    /// <param name="options">How the process serves.</param>
    /// <param name="stop">Cancelled when the user stops the command.</param>
    /// <returns>Exit status: 1 if the study has ended and a run of it failed.</returns>
    public async Task<int> RunAsync(string file, string? folder, CoordinatorOptions options, CancellationToken stop)
    {
        CoordinatorProgram.CheckPorts(options);
        var study = await OpenedStudy.OpenAsync(file, folder, stop);
        foreach (var entry in study.Entries) Prepare(entry, study);
        int parallel = Math.Min(study.File.Parallel ?? study.Entries.Count, study.Entries.Count);
        environment.Output.WriteLine(
            $"{study.File.Name}: {DisplayFormat.Plural(study.Entries.Count, "run")} of preset '{study.File.Preset}', "
            + $"{study.Entries.Count(e => e.State == StudyRunState.Finished)} trained before, {parallel} at a time, in {study.Folder}");
        var display = new StudyDisplay(environment, study.Entries);
        var earlier = study.Entries.Where(e => e.State == StudyRunState.Finished).ToHashSet();
        foreach (var entry in study.Entries.Where(e => e.State == StudyRunState.Failed)) display.Note(entry);
        await CoordinatorProgram.RunAsync(
            options with
            {
                RunDirectory = study.Folder,
                Study = new StudyOptions
                {
                    Name = study.File.Name,
                    Runs = [.. study.Entries.Select(e => new StudyRunOptions(
                        e.Run.FolderName, e.Folder.Path, e.Run.Specification, e.Failure))],
                    Parallel = parallel,
                    OnStandings = standings => Show(study, standings, entry => !earlier.Contains(entry), display),
                    Compare = standings => Compare(study, standings),
                },
            },
            stop);
        return Conclude(file, study);
    }

    private int Conclude(string file, OpenedStudy study)
    {
        if (StudyGroup.Of(study.Entries) is var groups && groups.Any(g => !double.IsNaN(g.Loss.Median)))
            environment.Console.Write(StudyCommand.Table(groups));
        if (study.Entries.Any(e => e.State is not (StudyRunState.Finished or StudyRunState.Failed)))
        {
            environment.Output.WriteLine($"Stopped; nothing is lost. To continue: lopt coordinator --study {file}{Named(study)}");
            return 0;
        }

        environment.Output.WriteLine($"To compare the runs with tuned baselines: lopt study {file}{Named(study, "--folder")}");
        return StudyCommand.ReportFailed(environment, study.Entries);
    }

    private static string Named(OpenedStudy study, string option = "--run") =>
        study.Folder == Path.Combine(OpenedStudy.Root, study.File.Name) ? "" : $" {option} {study.Folder}";

    /// <summary>Makes the folder of a new run. A run that cannot train is told here, before workers try.</summary>
    private static void Prepare(StudyEntry entry, OpenedStudy study)
    {
        if (File.Exists(entry.Folder.Specification))
        {
            if (entry.Mismatch() is { } mismatch) entry.Set(StudyRunState.Failed, mismatch);
            else if (RecordedRun.Find(entry.Folder.Path) is { IsTrained: true }) entry.Set(StudyRunState.Finished);
            return;
        }

        if (Fault(entry.Run.Specification, study.File.Data) is { } fault)
        {
            entry.Set(StudyRunState.Failed, fault);
            return;
        }

        string? data = study.File.Data is { } files ? Path.GetFullPath(files) : null;
        entry.Folder.Begin(entry.Run.Specification, new LaunchRecord { Data = data, Slots = Environment.ProcessorCount });
    }

    /// <summary>Why no worker could train the run; null where nothing speaks against it, as far as its images are here.</summary>
    private static string? Fault(RunSpecification specification, string? data)
    {
        try
        {
            SlotMemory.Check(specification, Directory.Exists(data) ? DatasetCatalog.OpenRun(specification, data) : null);
            return null;
        }
        catch (UserErrorException e)
        {
            return e.Message;
        }
    }

    private static void Show(
        OpenedStudy study, IReadOnlyList<RunStanding> standings, Func<StudyEntry, bool> isShown, StudyDisplay display)
    {
        foreach (var (entry, standing) in study.Entries.Zip(standings))
        {
            entry.Note(standing);
            if (isShown(entry) && entry.State != StudyRunState.Waiting) display.Note(entry);
        }
    }

    private static string Compare(OpenedStudy study, IReadOnlyList<RunStanding> standings)
    {
        foreach (var (entry, standing) in study.Entries.Zip(standings)) entry.Note(standing);
        return StudyPage.ComposeLive(study.File, study.Entries);
    }
}
