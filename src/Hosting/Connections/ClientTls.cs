using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using LoptCluster.Hosting.Credentials;
using LoptCluster.Shared;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Hosting.Connections;

/// <summary>TLS of a client: whom it trusts, and its own certificate if it has one.</summary>
public sealed class ClientTls : IReloaded
{
    private readonly ClientTlsOptions _options;
    private readonly Reloaded<X509Certificate2Collection>? _authorities;
    private readonly Reloaded<CertificateChain>? _certificate;

    /// <exception cref="UserErrorException">A file cannot be read or used.</exception>
    public ClientTls(ClientTlsOptions options)
    {
        _options = options;
        if (options.CertificateFile is not null != options.KeyFile is not null)
        {
            throw new UserErrorException(
                $"{ClientTlsOptions.CertificateOption} and {ClientTlsOptions.KeyOption} belong together; give both or neither.");
        }

        if (options.AuthorityFile is { } authorities) _authorities = AuthorityFile.Load(ClientTlsOptions.AuthorityOption, authorities);
        if (options.CertificateFile is { } certificate)
        {
            _certificate = CertificateChain.Load(
                ClientTlsOptions.CertificateOption, certificate, ClientTlsOptions.KeyOption, options.KeyFile!);
        }
    }

    /// <summary>What the coordinator may hold against this client's certificate; null if it has none.</summary>
    internal string? CertificateInWords => _certificate?.Current is { } chain
        ? $"{ClientTlsOptions.CertificateOption} '{_options.CertificateFile}', valid from "
            + $"{CertificateFaults.Time(chain.Certificate.NotBefore)} to {CertificateFaults.Time(chain.Certificate.NotAfter)}"
        : null;

    internal X509Certificate2? Certificate => _certificate?.Current.Certificate;

    /// <summary>Sends requests through <paramref name="handler"/> with this TLS; says in words what is wrong with a connection.</summary>
    public HttpMessageHandler Over(SocketsHttpHandler handler, Uri address)
    {
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = _certificate?.Current.Context,
            CertificateChainPolicy = _authorities is null
                ? null
                : AuthorityFile.Only(_authorities.Current, AuthorityFile.ServerUsage),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => errors == SslPolicyErrors.None
                ? true
                : throw new ConnectionFaultException(
                    CertificateFaults.Describe(address, certificate as X509Certificate2, chain, errors, _options.AuthorityFile)),
        };
        return new FaultHandler(handler, this, address);
    }

    public void Refresh(ILogger log)
    {
        _authorities?.Refresh(log);
        _certificate?.Refresh(log);
    }
}
