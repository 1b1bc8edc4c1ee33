namespace LoptCluster.Hosting.Connections;

/// <summary>How a server answers a TLS handshake in which its own certificate is not judged.</summary>
internal enum TlsHandshake
{
    /// <summary>It does not speak TLS, or does not answer.</summary>
    Failed,

    /// <summary>It asks for a certificate of the client, and hangs up on the one given or on none.</summary>
    CertificateRefused,
    Done,
}
