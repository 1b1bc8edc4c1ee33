using LoptCluster.ClusterTestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests.Telemetry;

/// <summary><c>lopt health</c> against real processes, as container health checks and probes use it.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Worker_IsAliveWhateverItsCoordinatorDoes_AndReadyWhileJoined()
    {
        using var fleet = new Fleet("outerUpdates=100000", "evaluateEveryUpdates=0");
        var coordinator = await fleet.StartCoordinatorAsync();
        int port = FreePort();
        var worker = fleet.StartWorker(1, "--health", $"127.0.0.1:{port}");
        await fleet.UpdateAsync(1);
        Assert.Equal((0, ""), await AskAsync(port));
        Assert.Equal((0, ""), await AskAsync(port, "--ready"));

        await coordinator.KillAsync();
        await worker.LineAsync("Cannot reach");

        Assert.Equal((0, ""), await AskAsync(port));
        Assert.Equal((1, $"The process at '127.0.0.1:{port}' is not ready."), await AskAsync(port, "--ready"));
        Assert.Equal(0, await worker.TerminateAsync());
        Assert.Equal((1, $"Nothing is listening at '127.0.0.1:{port}'. Was the process started with --health?"), await AskAsync(port));
    }

    [Fact]
    public async Task Coordinator_AnswersOnItsHealthPort()
    {
        using var fleet = new Fleet("evaluateEveryUpdates=0");
        int port = FreePort();
        await fleet.StartCoordinatorAsync("--health", $"127.0.0.1:{port}");
        Assert.Equal((0, ""), await AskAsync(port, "--ready"));
    }

    /// <summary>As the manifests have it, for clusters of IPv4, of IPv6 and of both.</summary>
    [Fact]
    public async Task Coordinator_OnAllAddresses_AnswersOverIPv4AndIPv6()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "this system has no IPv6");
        using var fleet = new Fleet("evaluateEveryUpdates=0");
        int port = FreePort();
        await fleet.StartCoordinatorAsync("--health", $"[::]:{port}");
        Assert.Equal((0, ""), await AskAsync(port, "--ready"));
        using var asked = LoptProcess.Start("health", $"[::1]:{port}", "--ready");
        Assert.True(await asked.ExitAsync() == 0, asked.Output);
    }

    /// <summary>Asks up to three times if there is no answer in time, as Kubernetes' probes do.</summary>
    private static async Task<(int Status, string Said)> AskAsync(int port, params string[] more)
    {
        for (int attempt = 1; ; attempt++)
        {
            using var asked = LoptProcess.Start(["health", $"127.0.0.1:{port}", .. more]);
            int status = await asked.ExitAsync();
            if (attempt == 3 || !asked.Output.Contains("did not answer in time", StringComparison.Ordinal)) return (status, asked.Output);
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
