using System.Diagnostics.CodeAnalysis;
using LoptCluster.Coordinator.Store;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Auditing;

/// <summary>The audit of one inner-problem: samples that are to be computed again, and by whom.</summary>
/// <remarks>
/// It follows the problem: a sample is sent to the auditor soon after it was acknowledged. Mutable; owned by the <see cref="AuditBook"/>.
/// </remarks>
internal sealed class Audit(long problemId)
{
    private readonly HashSet<string> _failed = [];

    public long ProblemId { get; } = problemId;

    /// <summary>The acknowledged truncations of the problem from the first on.</summary>
    public List<DoneTruncation> Done { get; } = [];

    /// <summary>The samples that are not settled, in order.</summary>
    public Queue<StoredClaim> Open { get; } = [];

    /// <summary>What is said of the first of these, if the workers do not agree; otherwise empty.</summary>
    public List<StoredClaim> Disputed { get; } = [];

    /// <summary>No more samples come: the problem has ended, or another worker goes on from a state that was handed back.</summary>
    public bool Complete { get; set; }

    /// <summary>The worker that computes the samples again; null: it waits for one.</summary>
    public string? Auditor { get; private set; }

    /// <summary>Of what the auditor was asked.</summary>
    public long OrderId { get; private set; }

    /// <summary>Truncations that the auditor was sent.</summary>
    public int Sent { get; private set; }

    /// <summary>When the auditor was asked, or sent a result last.</summary>
    public DateTimeOffset MovedAt { get; set; }

    public bool IsDisputed => Disputed.Count > 0;

    /// <summary>Truncations that the auditor needs: up to the disputed one, or all.</summary>
    public int Wanted => IsDisputed ? Disputed[0].Sample.Identity.Truncation + 1 : Done.Count;

    /// <summary>The first truncation that is measured.</summary>
    public int MeasureFrom => Open.TryPeek(out var first) ? first.Sample.Identity.Truncation : Done.Count;

    /// <summary>No more truncations follow those that are wanted now.</summary>
    public bool SendsAll => IsDisputed || Complete;

    public bool MayGoTo(string worker) => !Claims.Any(claim => claim.Worker == worker);

    /// <summary>A worker that was asked before, and did not deliver what can be compared.</summary>
    public bool HasFailed(string worker) => _failed.Contains(worker);

    /// <summary>What is said of the samples that are not settled.</summary>
    public IEnumerable<StoredClaim> Claims => Open.Concat(Disputed);

    public void AssignTo(string worker, long orderId, DateTimeOffset now) => (Auditor, OrderId, Sent, MovedAt) = (worker, orderId, 0, now);

    public void NoteSent(int truncations, DateTimeOffset now) => (Sent, MovedAt) = (truncations, now);

    /// <summary>It waits for an auditor again.</summary>
    public void Release() => Auditor = null;

    /// <summary>What came after its last sample is not part of it.</summary>
    public void LeaveOutTail()
    {
        int samples = Open.Count == 0 ? 0 : Open.Max(c => c.Sample.Identity.Truncation) + 1;
        if (Done.Count > samples) Done.RemoveRange(samples, Done.Count - samples);
    }

    public void NoteFailure(string worker) => _failed.Add(worker);

    /// <summary>What the run has for a sample that was computed again.</summary>
    public bool IsNext(SampleIdentity sample, [NotNullWhen(true)] out StoredClaim? claim) =>
        Open.TryPeek(out claim) && claim.Sample.Identity == sample;
}
