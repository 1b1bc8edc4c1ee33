namespace LoptCluster.Hosting.Listeners;

/// <summary>What a port is for. Each answers with its own endpoints alone.</summary>
public enum Listener
{
    /// <summary>gRPC services over HTTP/2.</summary>
    Grpc,

    /// <summary>Page, metrics and /healthz, HTTP/1.1; with TLS also HTTP/2.</summary>
    Web,

    /// <summary>The gRPC health service and nothing else, without TLS and tokens: kubelet's gRPC probe knows neither.</summary>
    Health,
}
