namespace LoptCluster.Coordinator.Fleet;

/// <summary>Memory for the states that leaving workers hand back, all together: those that find no place are recomputed.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StateMemory
{
    /// <summary>Bytes; some hundred states of convolutional nets.</summary>
    public const long Most = 128 << 20;

    private long _taken;

    /// <returns>Whether there was room.</returns>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= Most) return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
