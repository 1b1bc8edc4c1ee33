using LoptCluster.Coordinator.Store;
using LoptCluster.Shared;

namespace LoptCluster.Coordinator.Run;

/// <summary>How far the run of a folder is, for programs that do not open it.</summary>
public static class StoredUpdates
{
    /// <summary>Outer-updates that the run has done.</summary>
    /// <exception cref="UserErrorException">There is no run in the folder, or it is one of another format.</exception>
    public static long Of(string runDirectory)
    {
        string database = Path.Combine(runDirectory, RunDatabase.FileName);
        var reader = new RunReader(runDirectory);
        long format = File.Exists(database) ? reader.Format() : 0;
        if (format == 0) throw NotBegun(runDirectory);
        if (format != RunDatabase.SchemaVersion) throw RunDatabase.OtherFormat(database, format);
        return reader.NewestVersion() is var done and >= 0 ? done : throw NotBegun(runDirectory);
    }

    /// <summary>The error of a run that is not prolonged by a number of outer-updates.</summary>
    public static UserErrorException TooFew(long outerUpdates, string runDirectory, long done) => new(
        $"--updates '{outerUpdates}' must be greater than {done}, the outer-updates that the run in '{runDirectory}' has done.");

    internal static UserErrorException NotBegun(string runDirectory) => new(
        $"--updates prolongs a run, and '{runDirectory}' holds none that has begun. Omit it; a new run takes --set outerUpdates=N.");
}
