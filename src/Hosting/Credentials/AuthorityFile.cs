using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LoptCluster.Shared;

namespace LoptCluster.Hosting.Credentials;

/// <summary>Certificate authorities that are trusted instead of the system's.</summary>
internal static class AuthorityFile
{
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    /// <summary>The authorities of a PEM file with one certificate or more.</summary>
    /// <exception cref="UserErrorException">The file cannot be read, or has no certificate.</exception>
    public static Reloaded<X509Certificate2Collection> Load(string option, string file)
    {
        var pem = new CredentialFile(option, file);
        return new Reloaded<X509Certificate2Collection>(
            $"the authorities of {option} '{file}'", () => [pem.Read()], texts => Parse(option, file, texts[0]));
    }

    /// <summary>Trust in these authorities alone.</summary>
    /// <param name="usage">What a certificate must be meant for, if it says what it is meant for.</param>
    public static X509ChainPolicy Only(X509Certificate2Collection authorities, string usage)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(usage));
        return policy;
    }

    private static X509Certificate2Collection Parse(string option, string file, string text)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new UserErrorException($"{option} '{file}' is not a PEM file of certificates: {e.Message}", e);
        }

        return authorities.Count > 0 ? authorities : throw new UserErrorException(
            $"{option} '{file}' has no certificate in it. It must be a PEM file with the certificate of an authority, which begins with "
                + "'-----BEGIN CERTIFICATE-----'.");
    }
}
