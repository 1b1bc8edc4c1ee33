using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Runs;
using LoptCluster.Shared;
using LoptCluster.Shared.Studies;

namespace LoptCluster.Cli.Studies;

/// <summary>A study with its folder and its runs.</summary>
internal sealed record OpenedStudy(StudyFile File, string Folder, IReadOnlyList<StudyEntry> Entries)
{
    /// <summary>Parent of study folders that are not named.</summary>
    public const string Root = "studies";

    /// <param name="file">The study file.</param>
    /// <param name="folder">Folder of the study; null: the one of its name.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="UserErrorException">There is no such file, or it has mistakes.</exception>
    public static async Task<OpenedStudy> OpenAsync(string file, string? folder, CancellationToken cancellation)
    {
        if (!System.IO.File.Exists(file)) throw new UserErrorException($"The study file '{file}' does not exist.");
        var study = StudyFile.Parse(await System.IO.File.ReadAllTextAsync(file, cancellation), Path.GetFileName(file));
        folder ??= Path.Combine(Root, study.Name);
        OutputFolder.Prepare("--folder", folder);
        return new OpenedStudy(
            study, folder, [.. study.Runs.Select(run => new StudyEntry(run, new RunFolder(Path.Combine(folder, run.FolderName))))]);
    }
}
