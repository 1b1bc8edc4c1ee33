using System.Net;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using LoptCluster.Hosting.Connections;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Fleet;

/// <summary>Connection of the command line to a coordinator, in the role of reader.</summary>
internal sealed class CoordinatorChannel : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private readonly GrpcChannel _channel;

    private CoordinatorChannel(GrpcChannel channel, Uri address, string? token, string? run)
    {
        _channel = channel;
        var invoker = channel.Intercept(new AddressInterceptor(address)).Intercept(metadata => With(metadata, token, run));
        Operations = new Operations.OperationsClient(invoker);
        Theta = new ThetaService.ThetaServiceClient(invoker);
    }

    public Operations.OperationsClient Operations { get; }

    public ThetaService.ThetaServiceClient Theta { get; }

    /// <param name="address">
    /// host:port or a URL. Without a scheme: http on loopback or if <paramref name="insecure"/> is true, https elsewhere.
    /// </param>
    /// <param name="token">Token to send; null: none.</param>
    /// <param name="tls">Whom to trust, and the client's certificate; null: the system's authorities, and none.</param>
    /// <param name="insecure">Allows plain http to another machine.</param>
    /// <param name="run">Name or id of the run, where the coordinator serves several.</param>
    /// <param name="keepAlive">Pings while a call is open; null: <see cref="KeepAlive.Default"/>.</param>
    /// <exception cref="UserErrorException">The address is invalid, or the connection would send tokens unencrypted.</exception>
    public static CoordinatorChannel Open(
        string address, string? token = null, ClientTlsOptions? tls = null, bool insecure = false, string? run = null,
        KeepAlive? keepAlive = null)
    {
        var uri = Parse(address, insecure);
        if (uri.Scheme == Uri.UriSchemeHttp && !IsLoopback(uri) && !insecure)
        {
            throw new UserErrorException(
                $"--from '{address}' would connect to another machine unencrypted. "
                + $"Use https://{uri.Authority}, or pass --insecure on a trusted network.");
        }

        // Proxies named in the environment are meant for the web; a coordinator is contacted directly.
        var handler = new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, UseProxy = false, EnableMultipleHttp2Connections = true };
        (keepAlive ?? KeepAlive.Default).Over(handler);
        return new CoordinatorChannel(
            GrpcChannel.ForAddress(
                uri,
                new GrpcChannelOptions
                {
                    HttpHandler = new ClientTls(tls ?? new ClientTlsOptions()).Over(handler, uri),
                    DisposeHttpClient = true,
                    MaxReceiveMessageSize = null,
                }),
            uri,
            token,
            run);
    }

    public void Dispose() => _channel.Dispose();

    private static Uri Parse(string address, bool insecure)
    {
        bool hasScheme = address.Contains("://", StringComparison.Ordinal);
        if (Uri.TryCreate(hasScheme ? address : "http://" + address, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host != "")
        {
            return hasScheme || insecure || IsLoopback(uri) ? uri : new Uri("https://" + address);
        }

        throw new UserErrorException(
            $"--from '{address}' is not a coordinator's address. Examples: 127.0.0.1:5317, https://trainer.example:5317.");
    }

    private static bool IsLoopback(Uri uri) =>
        uri.IsLoopback || (IPAddress.TryParse(uri.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip));

    private static Metadata With(Metadata metadata, string? token, string? run)
    {
        if (token is not null) metadata.Add("authorization", $"Bearer {token}");
        if (run is not null) metadata.Add(RunMetadata.Key, run);
        return metadata;
    }
}
