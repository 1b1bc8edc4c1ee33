namespace LoptCluster.Coordinator.Membership;

/// <summary>Time limits for workers.</summary>
/// <param name="LostWorkerGrace">How long a lost worker's problems are kept for it.</param>
/// <param name="HeartbeatInterval">How often workers send a heartbeat.</param>
internal sealed record MembershipTimes(TimeSpan LostWorkerGrace, TimeSpan HeartbeatInterval)
{
    /// <summary>Time in which dismissed workers must send Goodbye: handing back states takes a second at most.</summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    /// <summary>Heartbeats that a worker may miss before it is lost: one or two get late on a busy machine or network.</summary>
    private const int MissedHeartbeats = 5;

    /// <summary>A worker that sends nothing for longer is lost.</summary>
    public TimeSpan Silence => MissedHeartbeats * HeartbeatInterval;
}
