namespace LoptCluster.Shared.Instruments;

/// <summary>What a slot does, in a word; of a worker: what most of its slots do.</summary>
public static class WorkerActivities
{
    /// <summary>Welcomed, and not heard of since.</summary>
    public const string Joining = "joining";

    public const string Unrolling = "unrolling";
    public const string Evaluating = "evaluating";

    /// <summary>Computes a lost worker's state again.</summary>
    public const string Replaying = "replaying";

    public const string Waiting = "waiting";

    public static IReadOnlyList<string> All { get; } = [Joining, Unrolling, Evaluating, Replaying, Waiting];
}
