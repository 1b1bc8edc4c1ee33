namespace LoptCluster.Coordinator.Sessions;

/// <summary>What becomes of a sample that arrived.</summary>
internal enum SampleVerdict
{
    /// <summary>Durable, and part of the next batch.</summary>
    Accepted,

    /// <summary>Durable, but too old to count by the staleness policy.</summary>
    Stale,

    /// <summary>Counted before; acknowledged again.</summary>
    Duplicate,

    /// <summary>Computed at another θ than its lane waits for; the worker computes it again.</summary>
    Superseded,

    /// <summary>Refused: it changes nothing.</summary>
    Rejected,
}
