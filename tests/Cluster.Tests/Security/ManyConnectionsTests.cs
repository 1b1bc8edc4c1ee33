using System.Net;
using System.Net.Sockets;
using LoptCluster.ClusterTestKit;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests.Security;

/// <summary>Addresses that open connections as fast as they can, to a coordinator that can hold few.</summary>
public sealed class ManyConnectionsTests
{
    private const string Limiter = "/usr/bin/prlimit";

    /// <summary>Of each address: several times what the coordinator has descriptors.</summary>
    private const int Connections = 10_000;

    /// <summary>Of each address, and at the same time.</summary>
    private const int MostOpen = 1_500;

    [Fact]
    public async Task Coordinator_FloodedWithConnections_ServesOthersMeanwhileAndAfterwards()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Limiter), "prlimit is not installed here (Debian: util-linux)");
        using var folder = new TemporaryFolder();
        using var coordinator = LoptProcess.Start(
            ["coordinator", "--preset", "quickstart", "--run", folder.PathOf("run"), "--listen", "127.0.0.1:0", "--web", "off"],
            new Dictionary<string, string>(), _ => false, Limiter, "--nofile=1024:1024");
        var address = await coordinator.UrlAsync("listening on ");

        var one = Flood("127.0.0.2", address.Port);
        await coordinator.LineAsync(
            "Refused a connection of 127.0.0.2: it has 112 (one peer may have 112), and 112 are open (at most 224).");
        await AssertAnswersAsync(address);
        await one;
        await Task.WhenAll(Flood("127.0.0.2", address.Port), Flood("127.0.0.3", address.Port), Flood("127.0.0.4", address.Port));

        await AssertAnswersAsync(address);
        Assert.Equal(0, await coordinator.TerminateAsync());
    }

    private static async Task AssertAnswersAsync(Uri address)
    {
        using var status = LoptProcess.Start("status", "--from", address.ToString());
        Assert.Equal(0, await status.ExitAsync());
    }

    private static Task Flood(string from, int port) => Task.Run(() =>
    {
        var open = new Queue<Socket>();
        for (int i = 0; i < Connections; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            open.Enqueue(socket);
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            // Returns at once, and says by an error that it goes on.
            Assert.Throws<SocketException>(() => socket.Connect(IPAddress.Loopback, port));
            if (open.Count > MostOpen) open.Dequeue().Dispose();
        }

        foreach (var socket in open) socket.Dispose();
    });
}
