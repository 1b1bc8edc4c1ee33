using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LoptCluster.Shared;

namespace LoptCluster.Hosting;

/// <summary>Certificate authority that a client trusts instead of the system's authorities.</summary>
public static class TrustedAuthority
{
    /// <summary>TLS options of a client that trusts only the certificates in a file.</summary>
    /// <param name="pemFile">PEM file with one or more certificates.</param>
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    public static SslClientAuthenticationOptions Only(string pemFile)
    {
        try
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(pemFile);
            return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UserErrorException($"--ca '{pemFile}' cannot be read as a PEM certificate: {e.Message}", e);
        }
    }
}
