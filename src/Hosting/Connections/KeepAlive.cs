namespace LoptCluster.Hosting.Connections;

/// <summary>Pings that tell a client of a peer that is gone without a word: a cut network, a frozen process.</summary>
/// <param name="Delay">Silence after which a ping is sent while a call is open; at least a second.</param>
/// <param name="Timeout">Time for its answer, after which the connection is given up; at least a second.</param>
public sealed record KeepAlive(TimeSpan Delay, TimeSpan Timeout)
{
    /// <summary>10 s and 5 s, as the coordinator pings its clients.</summary>
    public static KeepAlive Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));

    /// <summary>Sends them over the connections of a handler.</summary>
    public void Over(SocketsHttpHandler handler)
    {
        (handler.KeepAlivePingDelay, handler.KeepAlivePingTimeout) = (Delay, Timeout);
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
    }
}
