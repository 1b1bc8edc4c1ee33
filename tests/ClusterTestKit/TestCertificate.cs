using LoptCluster.Coordinator;
using LoptCluster.TestKit;

namespace LoptCluster.ClusterTestKit;

/// <summary>A certificate and its key, made for a test.</summary>
public sealed record TestCertificate(string Pem, string KeyPem)
{
    /// <summary>Writes both files, the certificate with its intermediate authorities.</summary>
    public (string Certificate, string Key) Write(TemporaryFolder folder, string name, params TestAuthority[] intermediates)
    {
        var (certificate, key) = (folder.PathOf($"{name}.pem"), folder.PathOf($"{name}.key"));
        File.WriteAllText(certificate, Pem + string.Concat(intermediates.Select(a => a.Pem)));
        File.WriteAllText(key, KeyPem);
        return (certificate, key);
    }

    /// <summary>Options of a coordinator with this certificate.</summary>
    public CoordinatorOptions On(CoordinatorOptions options, TemporaryFolder folder, params TestAuthority[] intermediates)
    {
        var (certificate, key) = Write(folder, "server", intermediates);
        return options with { TlsCertificateFile = certificate, TlsKeyFile = key };
    }
}
