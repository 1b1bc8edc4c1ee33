using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LoptCluster.Shared;

namespace LoptCluster.Hosting.Credentials;

/// <summary>A certificate with its key, and the intermediate authorities that are sent with it.</summary>
public sealed class CertificateChain
{
    private CertificateChain(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        Context = SslStreamCertificateContext.Create(certificate, authorities, offline: true);
        NotAfter = authorities.Prepend(certificate).Min(c => c.NotAfter.ToUniversalTime());
    }

    public SslStreamCertificateContext Context { get; }

    public X509Certificate2 Certificate => Context.TargetCertificate;

    /// <summary>When the first of its certificates expires.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The chain of two PEM files: the certificate, followed by its intermediate authorities; and its key.</summary>
    /// <exception cref="UserErrorException">They cannot be read, or are not of one pair.</exception>
    public static Reloaded<CertificateChain> Load(string option, string file, string keyOption, string keyFile)
    {
        var (certificate, key) = (new CredentialFile(option, file), new CredentialFile(keyOption, keyFile));
        return new Reloaded<CertificateChain>(
            $"the certificate of {option} '{file}'",
            () => [certificate.Read(), key.Read()],
            texts => Parse($"{option} '{file}' with {keyOption} '{keyFile}'", texts[0], texts[1]));
    }

    private static CertificateChain Parse(string origin, string certificates, string key)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificates);
            var certificate = X509Certificate2.CreateFromPem(certificates, key);
            return new CertificateChain(certificate, [.. chain.Skip(1)]);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new UserErrorException(
                $"{origin} cannot be used: {e.Message.TrimEnd('.')}. Both must be PEM files of one pair: the certificate comes first, then "
                    + "its intermediate authorities; the key has no password.",
                e);
        }
    }
}
