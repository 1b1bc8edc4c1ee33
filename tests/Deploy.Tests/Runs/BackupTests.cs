using LoptCluster.ClusterTestKit;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Runs;

/// <summary>What docs/DEPLOY.md says of back-ups and of moving a run, by real processes.</summary>
public sealed class BackupTests : IDisposable
{
    private const int BatchSamples = 4;

    private readonly Fleet _fleet = new("outerUpdates=5000");
    private readonly TemporaryFolder _elsewhere = new();

    private string Copy => _elsewhere.PathOf("run");

    [Theory]
    [InlineData("lopt backup")]
    [InlineData("sqlite3 .backup")]
    public async Task Backup_WhileTheRunGoesOn_IsARunThatGoesOn(string way)
    {
        await _fleet.StartCoordinatorAsync();
        var worker = _fleet.StartWorker(2);
        await _fleet.UpdateAsync(20);
        Directory.CreateDirectory(Copy);
        if (way == "lopt backup") await BackUpAsync();
        else BackUpBySqlite();
        var copied = new RunFile(Copy);
        long updates = copied.Updates;
        Assert.True(updates >= 20);
        copied.AssertConsistent(BatchSamples);
        await _fleet.UpdateAsync(updates + 20);
        await worker.KillAsync();

        var restored = await GoOnAsync(Copy, updates + 20);
        Assert.Equal((await _fleet.StatusAsync(_ => true)).RunId, restored.RunId);
        copied.AssertConsistent(BatchSamples);
    }

    [Fact]
    public async Task Backup_FileIsThere_IsNotOverwritten()
    {
        var coordinator = await _fleet.StartCoordinatorAsync();
        await coordinator.KillAsync();
        Directory.CreateDirectory(Copy);
        await BackUpAsync();
        using var again = LoptProcess.Start("backup", "--run", _fleet.RunDirectory, "-o", Path.Combine(Copy, "run.db"));
        Assert.Equal(2, await again.ExitAsync());
        Assert.Contains("A back-up overwrites nothing", again.Output);
        Assert.Equal(0, new RunFile(Copy).Updates);
    }

    [Fact]
    public async Task Move_StoppedFolderCopied_GoesOnAndLosesNothing()
    {
        var coordinator = await _fleet.StartCoordinatorAsync();
        _ = _fleet.StartWorker(2);
        await _fleet.UpdateAsync(20);
        Assert.Equal(0, await coordinator.TerminateAsync());
        long updates = new RunFile(_fleet.RunDirectory).Updates;
        Directory.CreateDirectory(Copy);
        foreach (string file in Directory.GetFiles(_fleet.RunDirectory)) File.Copy(file, Path.Combine(Copy, Path.GetFileName(file)));

        await GoOnAsync(Copy, updates + 20);
        new RunFile(Copy).AssertConsistent(BatchSamples);
    }

    [Fact]
    public async Task Run_SecondCoordinator_IsRefused()
    {
        await _fleet.StartCoordinatorAsync();
        using var second = LoptProcess.Start("coordinator", "--run", _fleet.RunDirectory, "--listen", "127.0.0.1:0", "--web", "off");
        Assert.Equal(2, await second.ExitAsync());
        Assert.Contains("is in use by another coordinator", second.Output);
    }

    public void Dispose()
    {
        _fleet.Dispose();
        _elsewhere.Dispose();
    }

    private async Task BackUpAsync()
    {
        using var backup = LoptProcess.Start("backup", "--run", _fleet.RunDirectory, "-o", Path.Combine(Copy, "run.db"));
        Assert.True(await backup.ExitAsync() == 0, backup.Output);
    }

    private void BackUpBySqlite()
    {
        var (status, output, error) = Tool.Run("sqlite3", Path.Combine(_fleet.RunDirectory, "run.db"), $".backup {Copy}/run.db");
        Assert.True(status == 0, output + error);
    }

    /// <summary>A coordinator with nothing but the folder, and a worker: until an update.</summary>
    private static async Task<Status> GoOnAsync(string folder, long update)
    {
        using var coordinator = LoptProcess.Start("coordinator", "--run", folder, "--listen", "127.0.0.1:0", "--web", "off");
        var address = await coordinator.UrlAsync("listening on ");
        using var worker = LoptProcess.Start("worker", "--coordinator", address.AbsoluteUri, "--slots", "2");
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(address);
        var status = await new Operations.OperationsClient(channel).StatusAsync(s => s.OuterUpdate >= update);
        Assert.Equal(0, await worker.TerminateAsync());
        Assert.Equal(0, await coordinator.TerminateAsync());
        return status;
    }
}
