using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Store;

public sealed class RunBackupTests : IDisposable
{
    private readonly TemporaryFolder _run = new(), _copies = new();

    public void Dispose()
    {
        _run.Dispose();
        _copies.Dispose();
    }

    [Fact]
    public void Copy_OfARunThatGoes_IsWholeAndContinuesInAFolderOfItsOwn()
    {
        using var database = Begin();
        string copy = Path.Combine(_copies.Path, RunDatabase.FileName);

        Assert.Equal(3, RunBackup.Write(_run.Path, copy));

        Assert.All(RunCheck.Of(_copies.Path), p => Assert.Empty(p.Damage));
        using var continued = RunDatabase.Open(_copies.Path);
        Assert.Equal(3, new RunReader(_copies.Path).NewestVersion());
    }

    [Fact]
    public void Copy_ThatCannotBeMade_LeavesNothing()
    {
        using var database = Begin();
        string nowhere = Path.Combine(_copies.Path, "missing", "run.db"), there = Path.Combine(_copies.Path, "there.db");
        File.WriteAllText(there, "kept");

        Assert.Contains(
            "No back-up was left behind", Assert.Throws<UserErrorException>(() => RunBackup.Write(_run.Path, nowhere)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "overwrites nothing", Assert.Throws<UserErrorException>(() => RunBackup.Write(_run.Path, there)).Message,
            StringComparison.Ordinal);
        Assert.Equal(["there.db"], Directory.GetFileSystemEntries(_copies.Path).Select(Path.GetFileName));
    }

    private RunDatabase Begin()
    {
        var database = RunDatabase.Open(_run.Path);
        var writer = new RunWriter(database);
        for (int version = 0; version <= 3; version++)
            writer.SetOuterState(OuterState.Start(new ThetaSnapshot(version, new float[3]), new OuterSgd()));
        writer.Commit();
        return database;
    }
}
