using LoptCluster.Shared;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>What is wrong with a run's file that cannot be read or written, in words for an operator.</summary>
/// <param name="Code">SQLite's code.</param>
/// <param name="What">What is wrong, after the name of the file.</param>
/// <param name="Remedy">What the operator can do about it.</param>
/// <param name="Passes">The run can go on from where it stands once it is mended; false: what the file holds is not what was acknowledged.
/// </param>
internal sealed record RunFileFault(int Code, string What, string Remedy, bool Passes)
{
    private const string FileKey = "file";

    private const string Kept = "Everything that was acknowledged is in the file";

    private static readonly RunFileFault[] All =
    [
        new(5, "is locked by another program", "end that program", Passes: true),
        new(6, "is locked by another program", "end that program", Passes: true),
        new(8, "cannot be written: it or its folder is read-only", "make it writable", Passes: true),
        new(10, "cannot be read or written: the disk reports an error", "look at the disk and the system's log", Passes: true),
        new(11, "is damaged", "restore a back-up ('lopt backup' makes them), or begin a new run", Passes: false),
        new(13, "cannot grow: its disk is full", "make room", Passes: true),
        new(14, "cannot be opened", "look at its folder and at the disk", Passes: true),
        new(26, "is damaged", "restore a back-up ('lopt backup' makes them), or begin a new run", Passes: false),
    ];

    /// <summary>Name of the file in the run folder.</summary>
    public string File { get; private init; } = RunDatabase.FileName;

    /// <returns>Null: the file is not to blame.</returns>
    public static RunFileFault? Find(Exception e) =>
        e is SqliteException fault && All.FirstOrDefault(f => f.Code == fault.SqliteErrorCode) is { } found
            ? found with { File = e.Data[FileKey] as string ?? RunDatabase.FileName }
            : null;

    /// <summary>The exception is about another file of the run folder than the run's own.</summary>
    public static void Concerns(SqliteException e, string file) => e.Data[FileKey] = file;

    /// <summary>The error of a file that is no longer under its name.</summary>
    public static UserErrorException Moved(string path) => new(
        $"The run's file '{path}' was deleted, replaced or moved while the run was going. Nothing was acknowledged since. Put it back, or "
            + "restore a back-up, and start again.");

    /// <summary>The error of a file that another coordinator writes to.</summary>
    public static UserErrorException TakenOver(string path) => new(
        $"Another coordinator has opened the run's file '{path}' and writes to it: the lock of its folder was deleted, or does not work on "
            + "this file system. This one ends, and has acknowledged nothing since. A run must have one coordinator.");

    /// <summary>The error of a file that is older than what was acknowledged from it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="commits">How many commits it lacks.</param>
    public static UserErrorException Behind(string path, long commits) => new(
        $"The run's file '{path}' lacks the last {commits} {(commits == 1 ? "commit" : "commits")} that were acknowledged: it or its "
            + "write-ahead log (run.db-wal) was deleted or damaged, or an older file was put in its place. Put the right files back. To "
            + "go on from what is there and lose the rest, delete run.lock beside it.");

    /// <summary>The sentence for a run that waits until the fault has passed.</summary>
    public string Waiting(string runDirectory) =>
        $"The run's file '{PathOf(runDirectory)}' {What}: {Remedy}. Until then training waits, and goes on by itself. {Kept}.";

    /// <summary>The error of a coordinator that ends with the fault.</summary>
    public UserErrorException AtEnd(string runDirectory, Exception e) => new(
        $"The run's file '{PathOf(runDirectory)}' {What}. {(Passes ? $"{Kept}; {Remedy} and start again." : $"{Capital(Remedy)}.")}", e);

    /// <summary>The error of a coordinator that cannot start.</summary>
    public UserErrorException AtStart(string path, Exception e) => new($"The run's file '{path}' {What}. {Capital(Remedy)}.", e);

    private string PathOf(string runDirectory) => Path.Combine(runDirectory, File);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
