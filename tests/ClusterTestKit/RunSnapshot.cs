using LoptCluster.TestKit;

namespace LoptCluster.ClusterTestKit;

/// <summary>The files of a run as a kill −9 leaves them.</summary>
public static class RunSnapshot
{
    /// <summary>Copies the run's files, as they are at this moment, to a folder of their own.</summary>
    public static TemporaryFolder Snapshot(this TemporaryFolder folder)
    {
        var copy = new TemporaryFolder();
        // The -shm file is rebuilt from the log, as after a crash of the machine.
        foreach (string name in (string[])["run.db", "run.db-wal"])
            if (File.Exists(folder.PathOf(name))) File.Copy(folder.PathOf(name), copy.PathOf(name));
        return copy;
    }
}
