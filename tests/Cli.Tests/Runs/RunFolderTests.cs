using LoptCluster.Cli.Runs;
using LoptCluster.Shared;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LoptCluster.Cli.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lopt-runs-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void ForNew_NoPath_NamesPresetAndTime()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

        Assert.Equal(Path.Combine("runs", "quickstart-20260102-030405"), RunFolder.ForNew(null, "quickstart", time).Path);
    }

    [Fact]
    public void ForNew_FolderWithSomethingInIt_IsRefused()
    {
        File.WriteAllText(Path.Combine(_root, "run.db"), "");

        var error = Assert.Throws<UserErrorException>(() => RunFolder.ForNew(_root, "x", TimeProvider.System));
        Assert.Equal(
            $"The run folder '{_root}' is not empty. Resume its run with --resume --run {_root}, or name another folder.", error.Message);
    }

    [Fact]
    public void ForNew_EmptyFolder_IsTaken() => Assert.Equal(_root, RunFolder.ForNew(_root, "x", TimeProvider.System).Path);

    [Fact]
    public void ForResume_FolderWithASpecification_IsTaken()
    {
        File.WriteAllText(Path.Combine(_root, "specification.toml"), "");

        Assert.Equal(_root, RunFolder.ForResume(_root).Path);
    }

    [Fact]
    public void LaunchRecord_Written_ReadsBack()
    {
        var launch = new LaunchRecord { Data = "/data", Workers = 3, Slots = 4 };
        launch.Write(new RunFolder(_root));

        Assert.Equal(launch, LaunchRecord.Read(new RunFolder(_root)));
    }

    [Fact]
    public void LaunchRecord_Damaged_IsNone()
    {
        File.WriteAllText(Path.Combine(_root, "launch.json"), "{");

        Assert.Null(LaunchRecord.Read(new RunFolder(_root)));
    }
}
