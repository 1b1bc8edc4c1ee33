namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>Packets that arrive later.</summary>
internal sealed class LatePackets : IDisposable
{
    private readonly object _gate = new();
    private readonly PriorityQueue<(TunDevice To, byte[] Packet), (long Due, long Order)> _packets = new();
    private readonly Thread _thread;
    private bool _over;
    private long _order;

    public LatePackets()
    {
        _thread = new Thread(Deliver) { IsBackground = true, Name = "late packets" };
        _thread.Start();
    }

    public void Add(TunDevice to, ReadOnlySpan<byte> packet, TimeSpan late)
    {
        lock (_gate)
        {
            _packets.Enqueue((to, packet.ToArray()), (Environment.TickCount64 + (long)late.TotalMilliseconds, _order++));
            Monitor.Pulse(_gate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _over = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Deliver()
    {
        lock (_gate)
        {
            while (!_over)
            {
                bool any = _packets.TryPeek(out var next, out var when);
                long wait = any ? when.Due - Environment.TickCount64 : Timeout.Infinite;
                if (any && wait <= 0)
                {
                    _packets.Dequeue();
                    next.To.Send(next.Packet);
                }
                else
                {
                    Monitor.Wait(_gate, (int)wait);
                }
            }
        }
    }
}
