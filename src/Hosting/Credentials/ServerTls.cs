using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using LoptCluster.Shared;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Hosting.Credentials;

/// <summary>TLS of a server: its certificate and, if clients must have one too, the authorities that sign theirs.</summary>
/// <remarks>Renewed files hold for new connections; those that are open stay.</remarks>
public sealed class ServerTls : IReloaded
{
    public const string CertificateOption = "--tls-cert";
    public const string KeyOption = "--tls-key";
    public const string ClientAuthorityOption = "--client-ca";

    private readonly Reloaded<CertificateChain> _certificate;
    private readonly Reloaded<X509Certificate2Collection>? _clientAuthorities;

    /// <param name="certificateFile">PEM file of the certificate, followed by its intermediate authorities.</param>
    /// <param name="keyFile">PEM file of its key.</param>
    /// <param name="clientAuthorityFile">PEM file of the authorities that sign clients' certificates; null: clients need none.</param>
    /// <exception cref="UserErrorException">A file cannot be read or used.</exception>
    public ServerTls(string certificateFile, string keyFile, string? clientAuthorityFile = null)
    {
        _certificate = CertificateChain.Load(CertificateOption, certificateFile, KeyOption, keyFile);
        _clientAuthorities = clientAuthorityFile is null ? null : AuthorityFile.Load(ClientAuthorityOption, clientAuthorityFile);
    }

    /// <summary>When the first certificate of the chain that is sent expires.</summary>
    public DateTimeOffset NotAfter => _certificate.Current.NotAfter;

    /// <summary>Options of the next handshake.</summary>
    public SslServerAuthenticationOptions Options() => new()
    {
        ServerCertificateContext = _certificate.Current.Context,
        ClientCertificateRequired = _clientAuthorities is not null,
        // A client is judged by the authorities as they are now, not as they were in an earlier session of its.
        AllowTlsResume = _clientAuthorities is null,
        CertificateChainPolicy = _clientAuthorities is { } authorities
            ? AuthorityFile.Only(authorities.Current, AuthorityFile.ClientUsage)
            : null,
    };

    public void Refresh(ILogger log)
    {
        _certificate.Refresh(log);
        _clientAuthorities?.Refresh(log);
    }
}
