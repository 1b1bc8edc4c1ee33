using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LoptCluster.ClusterTestKit;

/// <summary>A certificate authority, made for a test.</summary>
public sealed class TestAuthority
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(10);
    private readonly X509Certificate2 _certificate;

    private TestAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>Its certificate as a PEM file has it.</summary>
    public string Pem => _certificate.ExportCertificatePem() + "\n";

    public static TestAuthority Root(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        return new TestAuthority(Request(name, key).CreateSelfSigned(now - Life, now + Life));
    }

    /// <summary>An authority whose certificate this one has signed, valid as long as its own: certificates have whole seconds.</summary>
    public TestAuthority Intermediate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = Sign(Request(name, key), _certificate.NotBefore, _certificate.NotAfter);
        return new TestAuthority(signed.CopyWithPrivateKey(key));
    }

    /// <summary>A server's certificate, for names and addresses.</summary>
    public TestCertificate Issue(params string[] names) =>
        Issue(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(5), names);

    public TestCertificate Issue(DateTimeOffset notBefore, DateTimeOffset notAfter, params string[] names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out var address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }

        return Issue("server", "1.3.6.1.5.5.7.3.1", notBefore, notAfter, alternatives.Build());
    }

    /// <summary>A certificate of a client, without any name.</summary>
    public TestCertificate IssueToClient() =>
        Issue("client", "1.3.6.1.5.5.7.3.2", DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(5));

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private TestCertificate Issue(
        string name, string usage, DateTimeOffset notBefore, DateTimeOffset notAfter, params X509Extension[] extensions)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        foreach (var extension in extensions) request.CertificateExtensions.Add(extension);
        using var certificate = Sign(request, notBefore, notAfter);
        return new TestCertificate(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        request.Create(_certificate, notBefore, notAfter, RandomNumberGenerator.GetBytes(12));
}
