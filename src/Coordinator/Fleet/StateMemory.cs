namespace LoptCluster.Coordinator.Fleet;

/// <summary>Memory for the states that leaving workers hand back, all together: those that find no place are recomputed.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StateMemory
{
    /// <summary>Bytes; some hundred states of convolutional nets.</summary>
    public const long Most = 128 << 20;

    private readonly Lock _gate = new();
    private long _taken;

    /// <summary>Takes more memory for a state. It may have half of what the others leave: whatever one peer does, others find room.</summary>
    /// <param name="bytes">Bytes more.</param>
    /// <param name="held">Bytes that the state has already.</param>
    /// <returns>Whether there was room.</returns>
    public bool TryTake(long bytes, long held = 0)
    {
        lock (_gate)
        {
            long free = Most - (_taken - held);
            if (held + bytes > free / 2) return false;
            _taken += bytes;
            return true;
        }
    }

    public void Return(long bytes)
    {
        lock (_gate) _taken -= bytes;
    }
}
