using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LoptCluster.Hosting.Listeners;
using LoptCluster.Shared;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LoptCluster.Coordinator;

/// <summary>
/// The coordinator's ports, checked against what may be open to whom: loopback needs nothing, anything else TLS and tokens, or --insecure.
/// </summary>
/// <remarks>The health port needs nothing anywhere: it says one word.</remarks>
internal sealed class CoordinatorListeners
{
    private readonly IPEndPoint _grpc;
    private readonly IPEndPoint? _web;
    private readonly IPEndPoint? _health;
    private readonly X509Certificate2? _certificate;

    /// <exception cref="UserErrorException">An address is none or may not be opened like that; the certificate cannot be read.</exception>
    public CoordinatorListeners(CoordinatorOptions options)
    {
        _grpc = Allowed("--listen", options.Listen, options);
        _web = options.Web is null or ListenAddress.Off ? null : Allowed("--web", options.Web, options);
        _health = ListenAddress.ParseOptional("--health", options.Health);
        _certificate = Certificate(options);
    }

    public bool Secure => _certificate is not null;

    public bool HasWeb => _web is not null;

    public ListenerSet Set { get; } = new();

    public void Open(KestrelServerOptions kestrel)
    {
        ConnectionLimits.Apply(kestrel.Limits);
        kestrel.AddServerHeader = false;
        Set.Add(kestrel, Listener.Grpc, "--listen", _grpc, _certificate);
        if (_web is not null) Set.Add(kestrel, Listener.Web, "--web", _web, _certificate);
        if (_health is not null) Set.Add(kestrel, Listener.Health, "--health", _health, null);
    }

    /// <summary>The address of an option, if it may be opened like that.</summary>
    /// <exception cref="UserErrorException">It is none, or would be open to others unguarded.</exception>
    internal static IPEndPoint Allowed(string option, string address, CoordinatorOptions options)
    {
        var endpoint = ListenAddress.Parse(option, address);
        if (options.TlsCertificateFile is not null != options.TlsKeyFile is not null)
            throw new UserErrorException("--tls-cert and --tls-key belong together; give both or neither.");
        if (IPAddress.IsLoopback(endpoint.Address) || options.Insecure || (options.TlsCertificateFile is not null && options.Tokens.All))
            return endpoint;
        throw new UserErrorException(
            $"{option} {endpoint} can be reached from other machines. Give --tls-cert and --tls-key and a token for each role "
                + $"(LOPT_WORKER_TOKEN, LOPT_READER_TOKEN, LOPT_OPERATOR_TOKEN or the same with _FILE), or listen on 127.0.0.1, or say "
                    + $"--insecure.");
    }

    private static X509Certificate2? Certificate(CoordinatorOptions options)
    {
        if (options.TlsCertificateFile is null) return null;
        try
        {
            return X509Certificate2.CreateFromPemFile(options.TlsCertificateFile, options.TlsKeyFile);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The certificate '{options.TlsCertificateFile}' with key '{options.TlsKeyFile}' cannot be read: "
                    + $"{e.Message.TrimEnd('.')}. Both must be PEM files of one pair.",
                e);
        }
    }
}
