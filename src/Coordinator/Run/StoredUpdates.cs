using LoptCluster.Coordinator.Store;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Run;

/// <summary>How far the run of a folder is, for programs that do not open it.</summary>
public static class StoredUpdates
{
    /// <summary>Outer-updates that the run has done.</summary>
    /// <exception cref="UserErrorException">There is no run in the folder, or it is one of another format.</exception>
    public static long Of(string runDirectory) =>
        Reader(runDirectory)?.NewestVersion() is { } done and >= 0 ? done : throw NotBegun(runDirectory);

    /// <summary>Outer-updates of the whole run, as its newest plan has them; before the run has begun, as its specification does.</summary>
    /// <exception cref="UserErrorException">The run is one of another format.</exception>
    public static long Planned(string runDirectory, RunSpecification specification) =>
        OuterPlans.Of(specification, Reader(runDirectory)?.Prolongations() ?? []).Newest.OuterUpdates;

    /// <summary>The error of a run that is not prolonged by a number of outer-updates.</summary>
    public static UserErrorException TooFew(long outerUpdates, string runDirectory, long done) => new(
        $"--updates '{outerUpdates}' must be greater than {done}, the outer-updates that the run in '{runDirectory}' has done.");

    internal static UserErrorException NotBegun(string runDirectory) => new(
        $"--updates prolongs a run, and '{runDirectory}' holds none that has begun. Omit it; a new run takes --set outerUpdates=N.");

    /// <returns>Null before the run has begun.</returns>
    private static RunReader? Reader(string runDirectory)
    {
        string database = Path.Combine(runDirectory, RunDatabase.FileName);
        var reader = new RunReader(runDirectory);
        long format = File.Exists(database) ? reader.Format() : 0;
        if (format == 0) return null;
        return format == RunSchema.Version ? reader : throw RunSchema.OtherFormat(database, format);
    }
}
