using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Fleet;
using LoptCluster.Hosting.Connections;
using Xunit;

namespace LoptCluster.Cli.Tests.Fleet;

/// <summary>A coordinator that accepts a connection and then says nothing more, as a frozen process or a cut network does.</summary>
public sealed class KeepAliveTests
{
    /// <summary>A frame SETTINGS without any: the start of a connection of HTTP/2.</summary>
    private static readonly byte[] Settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

    [Fact]
    public async Task Follow_CoordinatorThatFallsSilent_EndsWithAnError()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var silence = FallSilentAsync(listener, end.Token);
        var second = TimeSpan.FromSeconds(1);
        using var channel = CoordinatorChannel.Open(listener.LocalEndpoint.ToString()!, keepAlive: new KeepAlive(second, second));

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var _ in StatusFollower.FollowAsync(
                channel.Operations, second, persistent: false, TimeProvider.System, end.Token))
            {
            }
        });

        Assert.StartsWith("The connection to the coordinator broke off: ", RpcErrors.Describe(error), StringComparison.Ordinal);
        await end.CancelAsync();
        await silence;
    }

    private static async Task FallSilentAsync(TcpListener listener, CancellationToken cancellation)
    {
        using var client = await listener.AcceptTcpClientAsync(cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Settings, cancellation);
        byte[] buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, cancellation) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }
    }
}
