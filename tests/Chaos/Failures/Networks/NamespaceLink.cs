namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>The cable between a worker's network namespace and the coordinator's: decides about each packet.</summary>
/// <param name="coordinator">Where the worker finds the coordinator.</param>
/// <param name="device">The worker's end.</param>
internal sealed class NamespaceLink(Uri coordinator, TunDevice device) : IFaultyLink
{
    /// <summary>Of the packets on a link that is slow.</summary>
    private const double ShareLost = 0.01;

    /// <summary>By so much at most a packet is late while they are out of order.</summary>
    private const double LatestMilliseconds = 100;

    private readonly Lock _gate = new();
    private readonly HashSet<ushort> _connections = [], _forgotten = [];
    private long _upLostUntil, _downLostUntil, _mixedUntil;
    private double _delayMilliseconds;

    public Uri Coordinator => coordinator;

    public string[] Within => IpTool.Within(device.Name);

    public TunDevice Device => device;

    /// <summary>
    /// As a router that has restarted and forgotten the connections: their packets are lost for good, and neither end is told. Both keep a
    /// connection that is half-open until they find out by themselves.
    /// </summary>
    public void Cut()
    {
        lock (_gate)
        {
            _forgotten.UnionWith(_connections);
            _connections.Clear();
        }
    }

    public void CloseUp(TimeSpan time)
    {
        lock (_gate) _upLostUntil = At(time);
    }

    public void CloseDown(TimeSpan time)
    {
        lock (_gate) _downLostUntil = At(time);
    }

    public void Separate(TimeSpan time)
    {
        CloseUp(time);
        CloseDown(time);
    }

    /// <summary>A slow link loses packets too.</summary>
    public void Delay(TimeSpan time)
    {
        lock (_gate) _delayMilliseconds = time.TotalMilliseconds;
    }

    public Task ReorderAsync(TimeSpan time, TimeSpan pause)
    {
        lock (_gate) _mixedUntil = At(time);
        return Task.CompletedTask;
    }

    public void Heal()
    {
        lock (_gate) (_upLostUntil, _downLostUntil, _mixedUntil, _delayMilliseconds) = (0, 0, 0, 0);
    }

    /// <summary>What becomes of a packet.</summary>
    /// <param name="port">The worker's port.</param>
    /// <param name="opens">The packet is the first of a connection.</param>
    /// <param name="up">It is for the coordinator.</param>
    /// <returns>By how much it is late; null: it is lost.</returns>
    public TimeSpan? Pass(ushort port, bool opens, bool up)
    {
        lock (_gate)
        {
            if (opens && up) _forgotten.Remove(port);
            if (_forgotten.Contains(port)) return null;
            _connections.Add(port);
            long now = Environment.TickCount64;
            if (now < (up ? _upLostUntil : _downLostUntil)) return null;
            if (_delayMilliseconds > 0 && Random.Shared.NextDouble() < ShareLost) return null;
            double mixed = now < _mixedUntil ? LatestMilliseconds * Random.Shared.NextDouble() : 0;
            return TimeSpan.FromMilliseconds(_delayMilliseconds + mixed);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static long At(TimeSpan time) => Environment.TickCount64 + (long)time.TotalMilliseconds;
}
