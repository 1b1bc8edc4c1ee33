namespace LoptCluster.Engine.Tests;

/// <summary>A folder of one test's, removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lopt-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
