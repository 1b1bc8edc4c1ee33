namespace LoptCluster.Shared.Instruments;

/// <summary>States of a worker that say more than what its slots do (<see cref="WorkerActivities"/>).</summary>
public static class WorkerStates
{
    /// <summary>It was told to go, and hands back what it has.</summary>
    public const string Draining = "draining";

    /// <summary>Its connection broke without a goodbye; its problems are kept for it for a while.</summary>
    public const string Lost = "lost";
}
