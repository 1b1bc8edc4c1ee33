namespace LoptCluster.Coordinator.Hosts;

/// <summary>What a run of a study does.</summary>
public enum ServedState
{
    /// <summary>Its turn has not come.</summary>
    Waiting,

    /// <summary>It trains, or waits for a worker.</summary>
    Running,
    Finished,
    Failed,

    /// <summary>An operator drained it; the next start of the coordinator continues it.</summary>
    Stopped,
}
