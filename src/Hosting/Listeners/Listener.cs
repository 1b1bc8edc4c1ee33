namespace LoptCluster.Hosting.Listeners;

/// <summary>Purpose of a port. Each port serves only its own endpoints.</summary>
public enum Listener
{
    /// <summary>Port of the gRPC services, HTTP/2.</summary>
    Grpc,

    /// <summary>Port of page, metrics and /healthz, HTTP/1.1; with TLS also HTTP/2.</summary>
    Web,

    /// <summary>Port of the gRPC health service alone, without TLS and tokens, which kubelet's gRPC probe does not support.</summary>
    Health,
}
