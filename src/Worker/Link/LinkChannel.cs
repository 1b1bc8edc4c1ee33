using System.Net;
using Grpc.Net.Client;
using LoptCluster.Hosting;
using LoptCluster.Protocol;
using LoptCluster.Shared;

namespace LoptCluster.Worker.Link;

/// <summary>The HTTP/2 channel to a coordinator: pings detect a cut network, and plain text to another machine must be allowed.</summary>
internal static class LinkChannel
{
    /// <exception cref="UserErrorException">The address is not usable.</exception>
    public static GrpcChannel Open(LinkOptions options)
    {
        if (!Uri.TryCreate(options.Coordinator, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new UserErrorException(
                $"--coordinator '{options.Coordinator}' is not a URL. Example: http://127.0.0.1:5317 or https://host:5317.");
        }

        if (address.Scheme == "http" && !address.IsLoopback && !options.Insecure)
        {
            throw new UserErrorException(
                $"--coordinator '{options.Coordinator}' would send tokens and gradients unencrypted. Use https, or pass --insecure.");
        }

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
            MaxReceiveMessageSize = ProtocolLimits.LargestMessageBytes,
            MaxSendMessageSize = ProtocolLimits.LargestMessageToCoordinatorBytes,
            // Our own retries (Polly) decide when to try again; the channel must not add its own waits.
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
        });
    }
}
