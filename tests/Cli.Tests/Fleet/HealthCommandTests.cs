using System.Net;
using System.Net.Sockets;
using Xunit;

namespace LoptCluster.Cli.Tests.Fleet;

public sealed class HealthCommandTests
{
    [Fact]
    public async Task Health_NobodyListens_IsOneLineAndStatusOne()
    {
        var run = await CliRun.OfAsync("health", $"127.0.0.1:{FreePort()}");

        Assert.Equal(1, run.Status);
        Assert.Contains("Nothing is listening at", Assert.Single(run.ErrorLines));
    }

    [Theory]
    [InlineData("http://x:1")]
    [InlineData("a b")]
    public async Task Health_NoAddress_IsAUsersError(string address)
    {
        var run = await CliRun.OfAsync("health", address);

        Assert.Equal(2, run.Status);
        Assert.StartsWith($"'{address}'", Assert.Single(run.ErrorLines));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
