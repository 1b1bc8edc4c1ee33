namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>What lies between workers and coordinator.</summary>
internal enum NetworkKind
{
    /// <summary>A TCP proxy for each worker, on loopback: bytes are held and connections reset.</summary>
    Proxies,

    /// <summary>A network namespace for each worker: packets are lost, late and out of order, and connections half-open.</summary>
    Namespaces,
}
