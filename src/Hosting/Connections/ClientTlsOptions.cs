namespace LoptCluster.Hosting.Connections;

/// <summary>The files of a client's TLS.</summary>
public sealed record ClientTlsOptions
{
    public const string AuthorityOption = "--ca";
    public const string CertificateOption = "--client-cert";
    public const string KeyOption = "--client-key";

    /// <summary>PEM file of the authorities that sign the server's certificate; null: the system's authorities.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>PEM file of the client's certificate, followed by its intermediate authorities; null: none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the key of the client's certificate.</summary>
    public string? KeyFile { get; init; }
}
