using LoptCluster.Cli.Fleet;
using LoptCluster.ClusterTestKit;
using LoptCluster.Shared;
using Xunit;

namespace LoptCluster.Cli.Tests.Fleet;

public sealed class ThetaDownloadTests
{
    private readonly CoordinatorScript _script = new();

    [Fact]
    public async Task Get_Version_BringsThetaAndItsRun()
    {
        var download = await GetAsync("7");

        Assert.Equal(7, download.Theta.Version);
        Assert.Equal([1, 2, 3], download.Theta.Values.ToArray());
        Assert.Equal("quickstart", download.Specification.Name);
        Assert.Null(download.BestOuterTrainLoss);
    }

    [Fact]
    public async Task Get_ChecksumDoesNotFit_IsRefused()
    {
        _script.DamageChecksum = true;

        Assert.StartsWith(
            "θ version '99' arrived damaged", (await Assert.ThrowsAsync<UserErrorException>(() => GetAsync("latest"))).Message);
    }

    [Theory]
    [InlineData("newest")]
    [InlineData("-1")]
    public async Task Get_NoSuchVersion_SaysWhatThereIs(string version) =>
        Assert.Equal(
            $"--version '{version}' must be a number of outer-updates, latest, best or average.",
            (await Assert.ThrowsAsync<UserErrorException>(() => GetAsync(version))).Message);

    [Fact]
    public async Task GetBestOrLatest_NothingEvaluated_IsTheLatest()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync(_script);
        using var channel = CoordinatorChannel.Open(coordinator.Authority);

        Assert.Equal(
            99, (await ThetaDownload.GetBestOrLatestAsync(channel.Theta, TimeProvider.System, CancellationToken.None)).Theta.Version);
    }

    private async Task<ThetaDownload> GetAsync(string version)
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync(_script);
        using var channel = CoordinatorChannel.Open(coordinator.Authority);
        return await ThetaDownload.GetAsync(channel.Theta, version, TimeProvider.System, CancellationToken.None);
    }
}
