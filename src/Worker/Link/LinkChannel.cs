using System.Net;
using Grpc.Net.Client;
using LoptCluster.Hosting.Security;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Worker.Hosting;

namespace LoptCluster.Worker.Link;

/// <summary>The HTTP/2 channel to a coordinator: pings that notice a cut network, and no plain text to other machines unasked.</summary>
internal static class LinkChannel
{
    public static GrpcChannel Open(WorkerOptions options)
    {
        if (!Uri.TryCreate(options.Coordinator, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new UserErrorException($"--coordinator '{options.Coordinator}' is no URL; give for example http://127.0.0.1:5317 or https://host:5317.");
        if (address.Scheme == "http" && !address.IsLoopback && !options.Insecure)
            throw new UserErrorException($"--coordinator {options.Coordinator} would send everything in the clear; use https, or say --insecure.");
        var handler = new SocketsHttpHandler
        {
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            UseProxy = false,
        };
        if (options.CaFile is not null) handler.SslOptions = TrustedAuthority.Only(options.CaFile);
        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            HttpVersion = HttpVersion.Version20,
            MaxReceiveMessageSize = WireLimits.LargestMessageBytes,
            MaxSendMessageSize = WireLimits.LargestMessageBytes,
            // Our own retries (Polly) decide when to try again; the channel shall not wait on top of them.
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
        });
    }
}
