using System.Globalization;
using LoptCluster.Coordinator.Run;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Runs;

/// <summary>The folder of a run and the files in it.</summary>
internal sealed class RunFolder(string path)
{
    /// <summary>Parent of run folders that are not named with <c>--run</c>.</summary>
    public const string Root = "runs";

    public string Path { get; } = path;

    public string Database => In("run.db");

    public string Ledger => In("ledger.db");

    public string Specification => In("specification.toml");

    public string Launch => In("launch.json");

    public string Theta => In("theta.safetensors");

    public string ThetaAverage => In("theta-average.safetensors");

    public string Summary => In("summary.json");

    public string Report => In("report.html");

    /// <summary>The comparison that summary and report were written from.</summary>
    public string Comparison => In("comparison.json");

    public string Replay => In("replay.html");

    public string Logs => In("logs");

    public string Log(string process) => System.IO.Path.Combine(Logs, process + ".log");

    /// <summary>The folder for a new run.</summary>
    /// <exception cref="UserErrorException">The folder is not empty.</exception>
    public static RunFolder ForNew(string? path, string preset, TimeProvider time)
    {
        path ??= System.IO.Path.Combine(
            Root, $"{preset}-{time.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}");
        if (File.Exists(path)) throw new UserErrorException($"The run folder '{path}' is a file.");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new UserErrorException(
                $"The run folder '{path}' is not empty. Resume its run with --resume --run {path}, or name another folder.");
        }

        return new RunFolder(path);
    }

    /// <summary>The folder of an existing run; the newest one if none is named.</summary>
    /// <exception cref="UserErrorException">There is no such run.</exception>
    public static RunFolder ForResume(string? path)
    {
        path ??= Newest() ?? throw new UserErrorException($"--resume found no run in '{Root}'. Name its folder with --run.");
        var folder = new RunFolder(path);
        if (!File.Exists(folder.Specification) && !File.Exists(folder.Database))
        {
            string missing = System.IO.Path.GetFileName(folder.Specification);
            throw new UserErrorException($"The run folder '{path}' holds no run ('{missing}' is missing).");
        }

        return folder;
    }

    /// <summary>Makes the folder of a new run, with the files that say what the run is and how it was launched.</summary>
    /// <exception cref="UserErrorException">The folder cannot be made or written to.</exception>
    public void Begin(RunSpecification specification, LaunchRecord launch) => Write(() =>
    {
        Directory.CreateDirectory(Path);
        // First: a folder with a specification is a run, and then what it begins from must be known.
        launch.Write(this);
        WriteSpecification(specification);
    });

    /// <summary>Records how a run is launched that goes on, and what it is if a coordinator has begun it.</summary>
    /// <inheritdoc cref="Begin"/>
    public void Resume(RunSpecification specification, LaunchRecord launch) => Write(() =>
    {
        launch.Write(this);
        if (!File.Exists(Specification)) WriteSpecification(specification);
    });

    /// <summary>Specification of the run in the folder; a coordinator leaves it in run.db alone.</summary>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public RunSpecification ReadSpecification() =>
        File.Exists(Specification) ? PresetCatalog.Load(Specification) : RecordedThetas.Open(Path).Specification;

    private void WriteSpecification(RunSpecification specification) => File.WriteAllText(
        Specification, PresetFile.Write(specification, "Every value of this run; lopt train --preset accepts this file."));

    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The run folder '{Path}' cannot be written to: {e.Message.TrimEnd('.')}. Make it writable, or name another with --run.",
                e);
        }
    }

    private static string? Newest() => !Directory.Exists(Root)
        ? null
        : new DirectoryInfo(Root)
            .EnumerateFiles("specification.toml", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .FirstOrDefault() is { } file
            ? System.IO.Path.Combine(Root, file.Directory!.Name)
            : null;

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
