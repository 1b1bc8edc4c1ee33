using System.Net;
using System.Net.Sockets;

namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>A proxy on loopback through which the connections of one worker pass.</summary>
/// <remarks>
/// Bytes are never changed, only held or lost with their connection, as a network does. A direction that is closed holds its bytes: to the
/// side that waits for them the other one is silent, although its own still arrive.
/// </remarks>
internal sealed class ProxyLink : IFaultyLink
{
    private const int BufferBytes = 64 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Connection> _connections = [];
    private readonly int _target;
    private readonly Task _accepting;
    private long _upClosedUntil, _downClosedUntil, _refusesUntil, _nextHeldFor, _delay;

    /// <param name="target">Port of the coordinator on loopback.</param>
    public ProxyLink(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Coordinator => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public string[] Within => [];

    /// <summary>All connections are reset.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var connection in _connections) connection.Reset();
        }
    }

    public void CloseUp(TimeSpan time) => Volatile.Write(ref _upClosedUntil, At(time));

    public void CloseDown(TimeSpan time) => Volatile.Write(ref _downClosedUntil, At(time));

    /// <summary>Nothing passes for a while, and no connection is taken.</summary>
    public void Separate(TimeSpan time)
    {
        Volatile.Write(ref _refusesUntil, At(time));
        CloseUp(time);
        CloseDown(time);
    }

    public void Delay(TimeSpan time) => Volatile.Write(ref _delay, (long)time.TotalMilliseconds);

    /// <summary>
    /// All connections are reset, and the next one stands for a while before its first byte passes: one after it gets ahead.
    /// </summary>
    public async Task ReorderAsync(TimeSpan time, TimeSpan pause)
    {
        Volatile.Write(ref _nextHeldFor, (long)time.TotalMilliseconds);
        Cut();
        // The worker has begun the connection that is held: with it gone it makes another.
        await Task.Delay(pause);
        Cut();
    }

    public void Heal()
    {
        Volatile.Write(ref _upClosedUntil, 0);
        Volatile.Write(ref _downClosedUntil, 0);
        Volatile.Write(ref _refusesUntil, 0);
        Volatile.Write(ref _nextHeldFor, 0);
        Volatile.Write(ref _delay, 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _over.Dispose();
    }

    private static long At(TimeSpan time) => Environment.TickCount64 + (long)time.TotalMilliseconds;

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var worker = await _listener.AcceptSocketAsync(_over.Token);
                if (Environment.TickCount64 < Volatile.Read(ref _refusesUntil)) worker.Close(0);
                else _ = PassAsync(new Connection(worker), Interlocked.Exchange(ref _nextHeldFor, 0));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The link is over.
        }
    }

    private async Task PassAsync(Connection connection, long heldFor)
    {
        lock (_gate) _connections.Add(connection);
        try
        {
            await Task.Delay((int)heldFor, _over.Token);
            await connection.Coordinator.ConnectAsync(IPAddress.Loopback, _target, _over.Token);
            await Task.WhenAny(
                PumpAsync(connection.Worker, connection.Coordinator, () => Volatile.Read(ref _upClosedUntil)),
                PumpAsync(connection.Coordinator, connection.Worker, () => Volatile.Read(ref _downClosedUntil)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The coordinator is away, or the connection was cut.
        }
        finally
        {
            lock (_gate) _connections.Remove(connection);
            connection.Reset();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<long> closedUntil)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, _over.Token) is > 0 and int count)
            {
                if (Volatile.Read(ref _delay) is > 0 and long delay) await Task.Delay((int)delay, _over.Token);
                while (closedUntil() > Environment.TickCount64) await Task.Delay(20, _over.Token);
                await to.SendAsync(buffer.AsMemory(0, count), _over.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One of the two ends is gone.
        }
    }

    private sealed class Connection(Socket worker)
    {
        public Socket Worker => worker;

        public Socket Coordinator { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        /// <summary>Ends it without a farewell, in both directions.</summary>
        public void Reset()
        {
            worker.Close(0);
            Coordinator.Close(0);
        }
    }
}
