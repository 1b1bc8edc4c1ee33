using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Store;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Microsoft.Data.Sqlite;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Store;

public sealed class RunFileFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, RunDatabase.FileName);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(13, "cannot grow: its disk is full.", true)]
    [InlineData(5, "is locked by another program.", true)]
    [InlineData(8, "cannot be written: it or its folder is read-only.", true)]
    [InlineData(11, "is damaged.", false)]
    public void Fault_OfTheFile_IsSaidInWords(int code, string words, bool passes)
    {
        var e = new SqliteException("SQLite Error", code);
        var fault = RunFileFault.Find(e)!;

        Assert.Equal(passes, fault.Passes);
        Assert.StartsWith(
            $"The run's file '{Path.Combine("runs/x", "run.db")}' {words}", fault.AtEnd("runs/x", e).Message, StringComparison.Ordinal);
        Assert.Null(RunFileFault.Find(new InvalidOperationException("else")));
    }

    [Fact]
    public void Commit_WithoutRoom_ChangesNothing_AndIsAppliedOnceWhenThereIsRoom()
    {
        using var database = RunDatabase.Open(_folder.Path);
        var writer = new RunWriter(database);
        Execute(database, "PRAGMA max_page_count = 1");
        writer.AddSample(Fabricated.Sample(0, 0), counted: true);
        writer.SetValue("long", new string('x', 100_000));

        var group = writer.End();
        Assert.Equal(13, Assert.Throws<SqliteException>(group.Commit).SqliteErrorCode);
        Assert.Null(new RunReader(_folder.Path).Value("long"));
        // The next attempt has a connection of its own, with room.
        group.Commit();

        Assert.Equal(100_000, new RunReader(_folder.Path).Value("long")!.Length);
        Assert.Equal(1, new RunReader(_folder.Path).Counts().Accepted);
    }

    /// <summary>A commit whose end was not reported is found again, and not made twice.</summary>
    [Fact]
    public void Commit_DoneAlthoughItFailed_IsNotDoneTwice()
    {
        using var database = RunDatabase.Open(_folder.Path);
        var writer = new RunWriter(database);
        writer.AddSample(Fabricated.Sample(0, 0), counted: true);
        System.IO.File.Move(File, File + ".old");
        var group = writer.End();
        Assert.Throws<UserErrorException>(group.Commit);
        System.IO.File.Move(File + ".old", File);

        group.Commit();

        Assert.Equal(1, new RunReader(_folder.Path).Counts().Accepted);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("replaced")]
    [InlineData("moved")]
    public void Commit_FileThatIsNoLongerUnderItsName_Fails(string what)
    {
        using var database = RunDatabase.Open(_folder.Path);
        System.IO.File.WriteAllText(File + ".other", "");
        if (what == "deleted") System.IO.File.Delete(File);
        if (what == "replaced") System.IO.File.Move(File + ".other", File, overwrite: true);
        if (what == "moved") System.IO.File.Move(File, File + ".old");

        var error = Assert.Throws<UserErrorException>(() => Set(database, "value"));

        Assert.StartsWith($"The run's file '{File}' was deleted, replaced or moved", error.Message, StringComparison.Ordinal);
    }

    /// <summary>As after <c>rm run.lock</c>, or where locks do not work.</summary>
    [Fact]
    public void Commit_AfterAnotherCoordinatorHasOpenedTheFile_Fails()
    {
        using var first = RunDatabase.Open(_folder.Path);
        Set(first, "first");
        System.IO.File.Delete(Path.Combine(_folder.Path, "run.lock"));
        using var second = RunDatabase.Open(_folder.Path);

        var error = Assert.Throws<UserErrorException>(() => Set(first, "first again"));

        Assert.StartsWith($"Another coordinator has opened the run's file '{File}'", error.Message, StringComparison.Ordinal);
        Set(second, "second");
        Assert.Equal("second", new RunReader(_folder.Path).Value("key"));
    }

    [Fact]
    public void Open_OlderFileThanWasAcknowledged_IsRefused_AndNothingIsWritten()
    {
        using (var database = RunDatabase.Open(_folder.Path)) Set(database, "older");
        byte[] older = System.IO.File.ReadAllBytes(File);
        using (var database = RunDatabase.Open(_folder.Path)) Set(database, "newer");
        System.IO.File.WriteAllBytes(File, older);

        var error = Assert.Throws<UserErrorException>(() => RunDatabase.Open(_folder.Path));

        Assert.StartsWith(
            $"The run's file '{File}' lacks the last 2 commits that were acknowledged", error.Message, StringComparison.Ordinal);
        Assert.Equal(older, System.IO.File.ReadAllBytes(File));
        System.IO.File.Delete(Path.Combine(_folder.Path, "run.lock"));
        using var accepted = RunDatabase.Open(_folder.Path);
        Assert.Equal("older", new RunReader(_folder.Path).Value("key"));
    }

    [Theory]
    [InlineData("run.db-wal", "deleted")]
    [InlineData("run.db-wal", "flipped")]
    [InlineData("run.db", "deleted")]
    public void Open_AfterAKillWithItsLogGoneOrDamaged_IsRefused(string file, string what)
    {
        using var database = RunDatabase.Open(_folder.Path);
        Set(database, "acknowledged");
        using var left = _folder.Snapshot();
        // Its lock, which stays behind too, cannot be copied while it is held.
        System.IO.File.WriteAllText(Path.Combine(left.Path, "run.lock"), "2\n");
        string path = Path.Combine(left.Path, file);
        if (what == "deleted") System.IO.File.Delete(path);
        else Flip(path);

        var error = Assert.Throws<UserErrorException>(() => RunDatabase.Open(left.Path));

        Assert.Contains("that were acknowledged", error.Message, StringComparison.Ordinal);
    }

    private static void Set(RunDatabase database, string value)
    {
        var writer = new RunWriter(database);
        writer.SetValue("key", value);
        writer.Commit();
    }

    private static void Execute(RunDatabase database, string sql)
    {
        using var command = database.Command(sql);
        command.ExecuteNonQuery();
    }

    /// <summary>One bit in the last tenth of the file.</summary>
    private static void Flip(string path)
    {
        byte[] bytes = System.IO.File.ReadAllBytes(path);
        bytes[^(bytes.Length / 10)] ^= 1;
        System.IO.File.WriteAllBytes(path, bytes);
    }
}
