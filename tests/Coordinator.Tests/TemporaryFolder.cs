namespace LoptCluster.Coordinator.Tests;

/// <summary>A folder of one test's, removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lopt-test-").FullName;

    /// <summary>What a kill −9 at this moment would leave behind: the files as they are, in a folder of their own.</summary>
    public TemporaryFolder Snapshot()
    {
        var copy = new TemporaryFolder();
        // The -shm file is rebuilt from the log, as after a crash of the machine.
        foreach (string name in (string[])["run.db", "run.db-wal"])
        {
            string source = System.IO.Path.Combine(Path, name);
            if (File.Exists(source)) File.Copy(source, System.IO.Path.Combine(copy.Path, name));
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
