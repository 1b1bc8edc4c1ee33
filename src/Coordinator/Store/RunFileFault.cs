using LoptCluster.Shared;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>What is wrong with a run's file that cannot be written, in words for an operator.</summary>
internal static class RunFileFault
{
    private const string Kept = "Everything that was acknowledged is in the file";

    /// <returns>The error to end with; null: the file is not to blame.</returns>
    public static UserErrorException? Of(Exception e, string runDirectory, string file = RunDatabase.FileName) =>
        e is SqliteException fault && Describe(fault.SqliteErrorCode) is { } what
            ? new UserErrorException($"The run's file '{Path.Combine(runDirectory, file)}' {what}", e)
            : null;

    /// <summary>The error of a file that is no longer under its name.</summary>
    public static UserErrorException Moved(string path) => new(
        $"The run's file '{path}' was deleted, replaced or moved while the run was going. Nothing was acknowledged since. Put it back, or "
            + "restore a back-up, and start again.");

    /// <remarks>Codes of SQLite.</remarks>
    private static string? Describe(int code) => code switch
    {
        5 or 6 => $"has been locked by another program for half a minute. {Kept}; end that program and start again.",
        8 => $"can no longer be written: it or its folder is read-only. {Kept}; make it writable and start again.",
        10 => $"cannot be read or written: the disk reports an error. {Kept} as far as the disk has it; look at the disk and start again.",
        11 or 26 => "is damaged. Restore a back-up ('lopt backup' makes them), or begin a new run.",
        13 => $"cannot grow: its disk is full. {Kept}; make room and start again.",
        _ => null,
    };
}
