using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Microsoft.Data.Sqlite;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Store;

/// <summary>A run's file in which something was changed without the program's knowing.</summary>
public sealed class RunCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void File_OfARunThatGoes_IsWhole()
    {
        using var database = Write();

        var parts = RunCheck.Of(_folder.Path);

        Assert.All(parts, p => Assert.Empty(p.Damage));
        Assert.All(parts, p => Assert.Equal(0, p.Unsealed));
        Assert.Equal(
            [("versions of θ", 3L), ("inner states handed back", 1L), ("samples that wait for their batch", 1L)],
            parts.Where(p => p.Part is "versions of θ" or "inner states handed back" or "samples that wait for their batch")
                .Select(p => (p.Part, p.Items)));
    }

    /// <summary>One bit, as a disk may turn it.</summary>
    [Theory]
    [InlineData(
        "θ of version 2", "UPDATE theta SET \"values\" = $bit WHERE version = 2", "SELECT \"values\" FROM theta WHERE version = 2")]
    [InlineData(
        "The state of the outer-optimizer",
        "UPDATE outer_optimizer_vectors SET \"values\" = $bit WHERE place = 1",
        "SELECT \"values\" FROM outer_optimizer_vectors WHERE place = 1")]
    [InlineData("The average of θ", "UPDATE theta_average SET sum = $bit", "SELECT sum FROM theta_average")]
    [InlineData("The inner state of problem 1", "UPDATE problems SET state = $bit WHERE id = 1", "SELECT state FROM problems WHERE id = 1")]
    [InlineData("The sample of truncation 0 of problem 0", "UPDATE samples SET losses = $bit", "SELECT losses FROM samples")]
    [InlineData(
        "The sample of truncation 0 of problem 0",
        "UPDATE waiting_gradients SET \"values\" = $bit", "SELECT \"values\" FROM waiting_gradients")]
    public void Bit_ThatIsTurned_IsFound_AndTheRunIsNotContinued(string what, string write, string read)
    {
        Write().Dispose();
        byte[] bytes = (byte[])Query(read)!;
        bytes[^1] ^= 1;
        Query(write, bytes);

        var error = Assert.Throws<UserErrorException>(() => RunDatabase.Open(_folder.Path));

        Assert.Contains($"is damaged. {what} does not match its checksum. Nothing was changed.", error.Message, StringComparison.Ordinal);
        Assert.Equal($"{what} does not match its checksum", Assert.Single(RunCheck.Of(_folder.Path).SelectMany(p => p.Damage)));
    }

    [Theory]
    [InlineData("The value 'seconds'", "UPDATE run SET value = '2.5' WHERE key = 'seconds'")]
    [InlineData("θ of version 2", "UPDATE theta SET rp_share = 0.5 WHERE version = 2")]
    [InlineData("The state of the outer-optimizer", "UPDATE outer_optimizer SET step = 7")]
    [InlineData("The choice of the share of g_rp", "UPDATE rp_share SET updates = 7")]
    [InlineData("The sample of truncation 0 of problem 0", "UPDATE samples SET steps = 6")]
    public void Number_ThatIsChanged_IsFound(string what, string change)
    {
        Write().Dispose();
        Query(change);

        Assert.Contains(what, Assert.Throws<UserErrorException>(() => RunDatabase.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    /// <summary>An old θ that nothing needs any more does not keep a run from going on.</summary>
    [Fact]
    public void Theta_OfAnOldVersion_IsListedAndDoesNotHinder()
    {
        Write().Dispose();
        Query("UPDATE theta SET \"values\" = zeroblob(12) WHERE version = 0");

        RunDatabase.Open(_folder.Path).Dispose();

        Assert.Equal("θ of version 0 does not match its checksum", Assert.Single(RunCheck.Of(_folder.Path).SelectMany(p => p.Damage)));
    }

    /// <summary>A file from before there were checksums is taken as it is, if its numbers are finite.</summary>
    [Fact]
    public void File_WithoutChecksums_IsContinued_UnlessItIsNotFinite()
    {
        Write().Dispose();
        Query("DELETE FROM checksums");
        RunDatabase.Open(_folder.Path).Dispose();
        Query("UPDATE outer_optimizer_vectors SET \"values\" = $bit WHERE place = 0", DoubleBytes.Pack([0, double.NaN, 0]));

        var error = Assert.Throws<UserErrorException>(() => RunDatabase.Open(_folder.Path));

        Assert.Contains("The state of the outer-optimizer is not finite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problem_ThatLacksATruncation_IsListed()
    {
        Write().Dispose();
        Query("UPDATE samples SET truncation = 1");

        var damage = RunCheck.Of(_folder.Path).SelectMany(p => p.Damage);

        Assert.Contains("The row of truncations of problem 0 has a gap", damage);
    }

    /// <summary>Bytes of the whole file, pages of SQLite's own among them: an answer in words, whatever they hit.</summary>
    [Fact]
    public void Bytes_Turned_NeverEndInAnotherException()
    {
        Write().Dispose();
        string path = Path.Combine(_folder.Path, RunDatabase.FileName);
        byte[] whole = File.ReadAllBytes(path);
        var random = new Random(1);
        int found = 0;
        for (int i = 0; i < 40; i++)
        {
            byte[] bytes = [.. whole];
            for (int n = 0; n < 20; n++) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bytes);
            if (Record.Exception(() => RunDatabase.Open(_folder.Path).Dispose()) is not { } e) continue;
            Assert.IsType<UserErrorException>(e);
            found++;
        }

        Assert.InRange(found, 20, 40);
    }

    private RunDatabase Write()
    {
        var adam = new OuterAdam(0.9, 0.999, 1e-8);
        var database = RunDatabase.Open(_folder.Path);
        var writer = new RunWriter(database);
        writer.SetValue("seconds", "1.5");
        for (int version = 0; version <= 2; version++)
        {
            var theta = new ThetaSnapshot(version, new float[] { version, 1, 2 });
            writer.SetOuterState(OuterState.Start(theta, adam) with { Average = new ThetaAverage(version, [1, 2, 3]) });
        }

        writer.AddProblem(0, 0, 20);
        writer.AddProblem(1, 1, 20);
        writer.AddSample(Fabricated.Sample(0, 0) with { ThetaVersion = 1 }, counted: true);
        writer.SetState(Fabricated.State(1), "worker", 0);
        writer.Commit();
        return database;
    }

    private object? Query(string sql, byte[]? bytes = null)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, RunDatabase.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (bytes is not null) command.Parameters.AddWithValue("$bit", bytes);
        return command.ExecuteScalar();
    }
}
