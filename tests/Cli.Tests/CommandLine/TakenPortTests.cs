using System.Net;
using System.Net.Sockets;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.CommandLine;

/// <summary>A port that another program has is refused before anything is made for the run.</summary>
public sealed class TakenPortTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _taken = new(IPAddress.Loopback, 0);

    public TakenPortTests() => _taken.Start();

    public void Dispose()
    {
        _taken.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("--web", "train", "--slots", "1")]
    [InlineData("--web", "coordinator", "--preset", "quickstart", "--listen", "127.0.0.1:0")]
    [InlineData("--listen", "coordinator", "--preset", "quickstart", "--web", "off")]
    [InlineData("--health", "coordinator", "--preset", "quickstart", "--web", "off", "--listen", "127.0.0.1:0")]
    [InlineData("--listen", "coordinator", "--web", "off", "--study")]
    public async Task Start_PortOfAnother_LeavesNoFolder(string option, params string[] args)
    {
        string file = _folder.PathOf("study.toml"), run = _folder.PathOf("run");
        if (args[^1] == "--study") args = [.. args, file];
        await File.WriteAllTextAsync(file, "preset = \"quickstart\"\n[axes]\nseed = [1, 2]\n", TestContext.Current.CancellationToken);

        var refused = await CliRun.OfAsync([.. args, "--run", run, option, $"{_taken.LocalEndpoint}"]);

        Assert.Equal(2, refused.Status);
        Assert.StartsWith(
            $"{option} '{_taken.LocalEndpoint}' cannot be opened: ", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(run));
    }
}
