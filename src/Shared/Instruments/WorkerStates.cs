namespace LoptCluster.Shared.Instruments;

/// <summary>States of a worker that override the activity of its slots (<see cref="WorkerActivities"/>).</summary>
public static class WorkerStates
{
    /// <summary>The worker was told to leave and is handing back its problems.</summary>
    public const string Draining = "draining";

    /// <summary>Connected, but it has not moved its problems; others have them.</summary>
    public const string Stalled = "stalled";

    /// <summary>The connection broke without a goodbye; the worker's problems are reserved for it for a grace period.</summary>
    public const string Lost = "lost";
}
