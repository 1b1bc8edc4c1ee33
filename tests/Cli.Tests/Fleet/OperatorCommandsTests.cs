using System.Text.Json.Nodes;
using LoptCluster.ClusterTestKit;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Fleet;

public sealed class OperatorCommandsTests
{
    [Fact]
    public async Task PauseResumeDrain_ChangeTheRunAndSayWhereItStands()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        var stopping = coordinator.Stopping;

        Assert.Equal("paused: small, run ", (await AskAsync("pause")).Output[..19]);
        Assert.EndsWith(", outer-update 0 of 1,000\n", (await AskAsync("pause")).Output, StringComparison.Ordinal);
        Assert.Equal("paused", (string?)JsonNode.Parse((await AskAsync("pause", "--json")).Output)!["state"]);
        Assert.StartsWith("waiting for workers: small, run ", (await AskAsync("resume")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await AskAsync("drain", "--reason", "the node is replaced")).Status);
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Task<CliRun> AskAsync(params string[] args) => CliRun.OfAsync([.. args, "--from", new Uri(coordinator.Address).Authority]);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("drain")]
    public async Task NoCoordinator_IsOneLine(string command)
    {
        var run = await CliRun.OfAsync(command, "--from", "127.0.0.1:1");

        Assert.Equal(2, run.Status);
        Assert.Equal("Cannot reach a coordinator at 127.0.0.1:1: Connection refused.", Assert.Single(run.ErrorLines));
    }
}
