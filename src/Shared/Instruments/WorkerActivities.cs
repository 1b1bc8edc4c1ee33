namespace LoptCluster.Shared.Instruments;

/// <summary>Activity of a slot, and of a worker: the activity of most of its slots.</summary>
public static class WorkerActivities
{
    /// <summary>Welcomed, but no heartbeat received yet.</summary>
    public const string Joining = "joining";

    public const string Unrolling = "unrolling";
    public const string Evaluating = "evaluating";

    /// <summary>Recomputing the state of a lost worker's problem.</summary>
    public const string Replaying = "replaying";

    /// <summary>Computing samples of another worker again.</summary>
    public const string Auditing = "auditing";

    public const string Waiting = "waiting";

    public static IReadOnlyList<string> All { get; } = [Joining, Unrolling, Evaluating, Replaying, Auditing, Waiting];
}
