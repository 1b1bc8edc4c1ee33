using LoptCluster.Coordinator.Store;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>Room of a run folder. A figure that the system does not give is null.</summary>
internal sealed class RunDisk(string runDirectory)
{
    public long? FreeBytes => Ask(d => d.AvailableFreeSpace);

    public long? SizeBytes => Ask(d => d.TotalSize);

    public long DatabaseBytes => new[] { RunDatabase.FileName, RunDatabase.FileName + "-wal" }
        .Select(name => new FileInfo(Path.Combine(runDirectory, name)))
        .Sum(file => file.Exists ? file.Length : 0);

    private long? Ask(Func<DriveInfo, long> figure)
    {
        try
        {
            return figure(new DriveInfo(Path.GetFullPath(runDirectory)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
