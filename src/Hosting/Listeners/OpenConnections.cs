using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Hosting.Listeners;

/// <summary>Counts the open connections of a program, in all and by peer, and says which may be added.</summary>
/// <remarks>
/// Thread-safe. A peer is an IPv4 address, or an IPv6 network of 64 bits: a host chooses freely among the addresses in it. What is refused
/// is logged once a minute, however much it is.
/// </remarks>
public sealed partial class OpenConnections(ConnectionBounds bounds, TimeProvider time, ILogger<OpenConnections> log)
{
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byPeer = [];
    private int _all;
    private long? _lastWarning;

    /// <summary>Counts a connection if it may be open; then <see cref="Remove"/> must follow.</summary>
    public bool TryAdd(IPAddress address)
    {
        var peer = PeerOf(address);
        int all, own;
        lock (_lock)
        {
            all = _all;
            own = _byPeer.GetValueOrDefault(peer);
            if (all < bounds.InAll && own < bounds.OfPeer)
            {
                _all++;
                _byPeer[peer] = own + 1;
                return true;
            }

            if (_lastWarning is { } last && time.GetElapsedTime(last) < BetweenWarnings) return false;
            _lastWarning = time.GetTimestamp();
        }

        LogRefused(log, address, own, bounds.OfPeer, all, bounds.InAll);
        return false;
    }

    /// <summary>A connection that was added has ended.</summary>
    public void Remove(IPAddress address)
    {
        var peer = PeerOf(address);
        lock (_lock)
        {
            _all--;
            if (_byPeer[peer] == 1) _byPeer.Remove(peer);
            else _byPeer[peer]--;
        }
    }

    /// <summary>What an address is counted as.</summary>
    public static IPAddress PeerOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        byte[] bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        // Link-local addresses have a network for each link.
        return new IPAddress(bytes, address.ScopeId);
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Refused a connection of {Address}: it has {Own} (one peer may have {OfPeer}), and {All} are open (at most {InAll}). Others that "
            + "are refused within the next minute are not logged")]
    private static partial void LogRefused(
        ILogger logger, IPAddress address, int own, int ofPeer, int all, int inAll);
}
