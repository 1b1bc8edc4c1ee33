using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Hosting.Connections;
using LoptCluster.Hosting.Credentials;
using LoptCluster.Protocol;
using LoptCluster.Shared;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Worker.Link;

/// <summary>Opens HTTP/2 channels to a coordinator, each with the credentials as their files are then.</summary>
/// <remarks>Pings detect a cut network, and plain text to another machine must be allowed.</remarks>
internal sealed class LinkChannel
{
    private readonly Uri _address;
    private readonly ClientTls _tls;
    private readonly Reloaded<string>? _token;

    /// <exception cref="UserErrorException">The address is not usable, or a file of the credentials.</exception>
    public LinkChannel(LinkOptions options)
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

        _address = address;
        _tls = new ClientTls(options.Tls);
        _token = options.Token?.One();
    }

    /// <summary>Metadata of a call: the token, if there is one.</summary>
    public Metadata Headers => _token is null ? [] : new Metadata { { "authorization", $"Bearer {_token.Current}" } };

    public GrpcChannel Open(ILogger log)
    {
        _tls.Refresh(log);
        _token?.Refresh(log);
        var handler = new SocketsHttpHandler
        {
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            UseProxy = false,
        };
        KeepAlive.Default.Over(handler);
        return GrpcChannel.ForAddress(_address, new GrpcChannelOptions
        {
            HttpHandler = _tls.Over(handler, _address),
            DisposeHttpClient = true,
            HttpVersion = HttpVersion.Version20,
            MaxReceiveMessageSize = ProtocolLimits.LargestMessageBytes,
            MaxSendMessageSize = ProtocolLimits.LargestMessageToCoordinatorBytes,
        });
    }
}
