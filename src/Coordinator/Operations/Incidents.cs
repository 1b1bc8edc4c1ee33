using System.Globalization;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Coordinator.Operations;

/// <summary>The newest refusals and lost workers, for people to read. Bounded, since this start of the coordinator.</summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
internal sealed class Incidents
{
    public const int Kept = 20;

    /// <summary>A stranger's text is shown, not stored at its length.</summary>
    private const int LongestText = 400;

    /// <summary>How long a refusal deserves attention.</summary>
    public static readonly TimeSpan Attention = TimeSpan.FromMinutes(10);

    private readonly Queue<Refusal> _refusals = [];
    private readonly Queue<LostWorker> _lost = [];
    private long _refused;

    public void Refused(DateTimeOffset now, string workerId, RejectReason reason, string detail)
    {
        _refused++;
        Keep(_refusals, new Refusal { UnixMilliseconds = now.ToUnixTimeMilliseconds(), WorkerId = Short(workerId), Reason = reason, Detail = Short(detail) });
    }

    public void Lost(DateTimeOffset now, string workerId, string host, int problems) =>
        Keep(_lost, new LostWorker { UnixMilliseconds = now.ToUnixTimeMilliseconds(), WorkerId = workerId, Host = Short(host), Problems = problems });

    /// <summary>Adds them to a status, newest first.</summary>
    public void AddTo(Status status)
    {
        status.Refusals.AddRange(_refusals.Reverse());
        status.LostWorkers.AddRange(_lost.Reverse());
    }

    /// <summary>A line about the last refusal while it is new; "" otherwise.</summary>
    public string Remark(DateTimeOffset now)
    {
        if (_refusals.Count == 0) return "";
        var last = _refusals.Last();
        if (now - DateTimeOffset.FromUnixTimeMilliseconds(last.UnixMilliseconds) > Attention) return "";
        string count = _refused == 1 ? "a message was refused" : string.Create(CultureInfo.InvariantCulture, $"{_refused} messages were refused, the last");
        return $"{count} from worker {last.WorkerId}: {last.Detail}";
    }

    private static void Keep<T>(Queue<T> queue, T item)
    {
        if (queue.Count == Kept) queue.Dequeue();
        queue.Enqueue(item);
    }

    private static string Short(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText), "…");
}
