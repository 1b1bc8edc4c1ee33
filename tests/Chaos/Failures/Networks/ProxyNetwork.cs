using System.Net;

namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>Each worker reaches the coordinator through a proxy of its own.</summary>
internal sealed class ProxyNetwork : IFaultyNetwork
{
    public string CoordinatorHost => IPAddress.Loopback.ToString();

    public IFaultyLink Join(int port) => new ProxyLink(port);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
