using LoptCluster.Coordinator.Sessions;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>A message that was refused.</summary>
internal sealed record RefusedMessage(DateTimeOffset At, string WorkerId, Refusal Refusal);

/// <summary>A worker whose connection broke without a goodbye.</summary>
/// <param name="At">When.</param>
/// <param name="WorkerId">Which.</param>
/// <param name="Host">Its machine.</param>
/// <param name="Problems">Problems that it had; they are kept for it for a while and then given to others.</param>
internal sealed record LostConnection(DateTimeOffset At, string WorkerId, string Host, int Problems);

/// <summary>A worker that could not work on the run and left.</summary>
/// <param name="At">When.</param>
/// <param name="WorkerId">Which.</param>
/// <param name="Host">Its machine.</param>
/// <param name="Reason">Its last words: what it said to its user.</param>
internal sealed record FailedWorker(DateTimeOffset At, string WorkerId, string Host, string Reason);

/// <summary>The newest refusals, lost and failed workers, for people to read. Bounded; since this start of the coordinator.</summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
internal sealed class Incidents
{
    public const int Kept = 20;

    private readonly Queue<RefusedMessage> _refusals = [];
    private readonly Queue<LostConnection> _lost = [];
    private readonly Queue<FailedWorker> _failed = [];

    /// <summary>Kept incidents, the newest one first.</summary>
    public IEnumerable<RefusedMessage> Refusals => _refusals.Reverse();

    /// <summary>Kept incidents, the newest one first.</summary>
    public IEnumerable<LostConnection> Lost => _lost.Reverse();

    /// <summary>Kept incidents, the newest one first.</summary>
    public IEnumerable<FailedWorker> Failed => _failed.Reverse();

    public void NoteRefusal(DateTimeOffset now, string workerId, Refusal refusal) =>
        Keep(_refusals, new RefusedMessage(now, workerId, refusal));

    public void NoteLost(DateTimeOffset now, string workerId, string host, int problems) =>
        Keep(_lost, new LostConnection(now, workerId, host, problems));

    public void NoteFailed(DateTimeOffset now, string workerId, string host, string reason) =>
        Keep(_failed, new FailedWorker(now, workerId, host, reason));

    private static void Keep<T>(Queue<T> queue, T item)
    {
        if (queue.Count == Kept) queue.Dequeue();
        queue.Enqueue(item);
    }
}
