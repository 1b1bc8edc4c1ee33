using System.Net;
using System.Net.Sockets;
using LoptCluster.ClusterTestKit;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests.Security;

/// <summary>One address that opens connections without end, to a coordinator that can hold few.</summary>
public sealed class ManyConnectionsTests
{
    private const string Limiter = "/usr/bin/prlimit";

    /// <summary>More than the coordinator has descriptors.</summary>
    private const int Connections = 1_500;

    [Fact]
    public async Task Coordinator_AllConnectionsTriedFromOneAddress_AnswersAnother()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Limiter), "prlimit is not installed here (Debian: util-linux)");
        using var folder = new TemporaryFolder();
        using var coordinator = LoptProcess.Start(
            ["coordinator", "--preset", "quickstart", "--run", folder.PathOf("run"), "--listen", "127.0.0.1:0", "--web", "off"],
            new Dictionary<string, string>(), _ => false, Limiter, "--nofile=1024:1024");
        var address = await coordinator.UrlAsync("listening on ");
        var sockets = new List<Socket>();
        try
        {
            for (int i = 0; i < Connections; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, address.Port);
                }
                catch (SocketException)
                {
                    // Refused at once.
                }
            }

            await coordinator.LineAsync("Refused a connection of 127.0.0.2: it has 112 (one peer may have 112), and 112 are open (at most 224).");
            using var status = LoptProcess.Start("status", "--from", address.ToString());
            Assert.Equal(0, await status.ExitAsync());
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }

        Assert.Equal(0, await coordinator.TerminateAsync());
    }
}
