using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using LoptCluster.Shared;
using LoptCluster.Worker.Hosting;

namespace LoptCluster.Worker.Link;

/// <summary>The HTTP/2 channel to a coordinator: pings that notice a cut network, and no plain text to other machines unasked.</summary>
internal static class LinkChannel
{
    private const int LargestMessageBytes = 512 << 20;

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
        if (options.CaFile is not null) handler.SslOptions.RemoteCertificateValidationCallback = Trusting(options.CaFile);
        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            HttpVersion = HttpVersion.Version20,
            MaxReceiveMessageSize = LargestMessageBytes,
            MaxSendMessageSize = LargestMessageBytes,
            // Our own retries (Polly) decide when to try again; the channel shall not wait on top of them.
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
        });
    }

    private static RemoteCertificateValidationCallback Trusting(string caFile)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(caFile);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--ca '{caFile}' cannot be read: {e.Message.TrimEnd('.')}. It must be a PEM file of certificates.", e);
        }

        return (_, certificate, _, errors) =>
        {
            if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return false;
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            return chain.Build(new X509Certificate2(certificate));
        };
    }
}
