using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;

namespace LoptCluster.Coordinator.Loop;

/// <summary>What a group of events came to: its writes, and the effects that become visible once these are durable.</summary>
/// <param name="writes">Of all events of the group.</param>
/// <param name="file">Patience with the run's file.</param>
/// <param name="effects">In order.</param>
/// <param name="onWaited">Called before the effects if the commit had to wait until the file could be used.</param>
/// <param name="metrics">Counts the commit.</param>
/// <param name="time">Measures it.</param>
internal sealed class EventGroup(
    WriteGroup writes, FilePatience file, IReadOnlyList<Action> effects, Action onWaited, CoordinatorMetrics metrics, TimeProvider time)
{
    public bool HasWrites => !writes.IsEmpty;

    /// <summary>Makes the writes durable, however long it takes. On any thread, while the run loop handles the next events.</summary>
    /// <exception cref="Shared.UserErrorException">The file cannot be used, and that does not pass.</exception>
    public void Commit()
    {
        if (!HasWrites) return;
        long start = time.GetTimestamp();
        file.Use(() =>
        {
            writes.Commit();
            return true;
        });
        metrics.Committed(time.GetElapsedTime(start));
    }

    /// <summary>Publishes θ, sends messages and answers commands. On the run loop's thread, after the commit.</summary>
    public void Publish()
    {
        if (file.TakeHasWaited()) onWaited();
        foreach (var effect in effects) effect();
    }
}
