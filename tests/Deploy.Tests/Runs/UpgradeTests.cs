using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Microsoft.Data.Sqlite;
using Xunit;

namespace LoptCluster.Deploy.Tests.Runs;

/// <summary>What docs/DEPLOY.md says of releases that meet: by name, in the words that it quotes.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly Fleet _fleet = new("outerUpdates=5000");
    private readonly string _page = File.ReadAllText(Repository.PathOf("docs/DEPLOY.md"));

    [Fact]
    public async Task Worker_OfAnotherEngine_IsSentAwayByName()
    {
        await _fleet.StartCoordinatorAsync();
        await using var worker = await ScriptedWorker.HelloAsync(_fleet.Channel, hello => hello.EngineVersion = "99");
        var reject = await worker.ExpectAsync(m => m.Reject);
        Assert.Equal(RejectReason.WrongEngineVersion, reject.Reason);
        Assert.True(reject.Fatal);
        // The page's example is of a worker of version 2 that comes to a run of version 1.
        AssertQuoted(reject.Detail
            .Replace("'99'", "'new'", StringComparison.Ordinal)
            .Replace($"'{EngineVersion.Current}'", "'1'", StringComparison.Ordinal)
            .Replace("'new'", "'2'", StringComparison.Ordinal));
        var status = await _fleet.StatusAsync(s => s.SamplesRejected.Count > 0);
        Assert.Equal(1, Assert.Single(status.SamplesRejected, r => r.Key.Contains("engine", StringComparison.OrdinalIgnoreCase)).Value);
    }

    [Fact]
    public async Task Worker_OfTheSameEngine_IsWelcome()
    {
        await _fleet.StartCoordinatorAsync();
        await using var worker = await ScriptedWorker.HelloAsync(_fleet.Channel, hello => hello.EngineVersion = EngineVersion.Current);
        Assert.NotNull(await worker.ExpectAsync(m => m.Welcome));
    }

    [Fact]
    public async Task Coordinator_RunOfAnotherEngine_DoesNotGoOn()
    {
        var coordinator = await _fleet.StartCoordinatorAsync();
        Assert.Equal(0, await coordinator.TerminateAsync());
        WriteEngineVersion("0");
        using var again = LoptProcess.Start("coordinator", "--run", _fleet.RunDirectory, "--listen", "127.0.0.1:0", "--web", "off");
        Assert.Equal(2, await again.ExitAsync());
        Assert.Contains("was begun by engine version '0'", again.Output);
        AssertQuoted("Continue with that release, or start a new run");
        Assert.Contains("Continue with that release, or start a new run", again.Output);
    }

    [Fact]
    public async Task Coordinator_PresetChangedUnderTheRun_SaysWhatDiffers()
    {
        var coordinator = await _fleet.StartCoordinatorAsync();
        Assert.Equal(0, await coordinator.TerminateAsync());
        using var again = LoptProcess.Start(
            "coordinator", "--preset", "quickstart", "--run", _fleet.RunDirectory, "--listen", "127.0.0.1:0", "--web", "off");
        Assert.Equal(2, await again.ExitAsync());
        Assert.Contains("has another specification: ", again.Output);
        Assert.Contains("outerUpdates is 5000 there", again.Output);
        AssertQuoted("has another specification");
    }

    public void Dispose() => _fleet.Dispose();

    private void AssertQuoted(string words) => Assert.Contains(words, _page);

    private void WriteEngineVersion(string version)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_fleet.RunDirectory, "run.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        // As another release would have written it: with a checksum of its own, or none.
        command.CommandText =
            "UPDATE run SET value = $version WHERE key = 'engine_version'; DELETE FROM checksums WHERE item = 'run.engine_version'";
        command.Parameters.AddWithValue("$version", version);
        Assert.Equal(2, command.ExecuteNonQuery());
    }
}
