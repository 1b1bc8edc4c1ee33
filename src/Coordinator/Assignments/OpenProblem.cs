using LoptCluster.Coordinator.Store;

namespace LoptCluster.Coordinator.Assignments;

/// <summary>An inner-problem that has not reached its horizon: which worker has it, and how far it is.</summary>
/// <remarks>Mutable; owned by the <see cref="ProblemLedger"/>.</remarks>
/// <param name="id">Identity.</param>
/// <param name="lane">Lane.</param>
/// <param name="horizon">T, inner-steps.</param>
/// <param name="onMoved">
/// Called with the owner before when another worker has it, or none, or it is kept; null: nobody is interested.
/// </param>
internal sealed class OpenProblem(long id, int lane, int horizon, Action<OpenProblem, string?>? onMoved = null)
{
    /// <summary>Who had it, and by which assignment, when it was lent to another; and the truncation that was next then.</summary>
    private (string Worker, long AssignmentId, int Truncation)? _lender;

    /// <summary>
    /// The truncation at which a lender took it back. It may do so once: one that comes and goes would keep it from all others.
    /// </summary>
    private int? _takenBackAt;

    public long Id { get; } = id;

    public int Lane { get; } = lane;

    public int Horizon { get; } = horizon;

    /// <summary>The worker that unrolls it, or that had it and may come back; null: it can be assigned to any worker.</summary>
    public string? Owner { get; private set; }

    /// <summary>The owner's connection broke; until then the problem is kept for it.</summary>
    public DateTimeOffset? ReservedUntil { get; private set; }

    /// <summary>It is kept for the worker that had it; until that comes back, it can be lent to another.</summary>
    public bool IsKept => ReservedUntil is not null;

    public int InnerStep { get; set; }

    public int NextTruncation => Done.Count;

    /// <summary>Every acknowledged truncation, in order.</summary>
    public List<DoneTruncation> Done { get; } = [];

    /// <summary>The state in the run store fits <see cref="NextTruncation"/>.</summary>
    public bool HasHandedBackState { get; set; }

    /// <summary>θ version of the last sample of its lane; null: none yet.</summary>
    public long? LaneVersion { get; set; }

    /// <summary>The worker that has it, or had it last; null: none had; empty: none that had it may go on with what it has.</summary>
    public string? LastOwner { get; set; }

    /// <summary>
    /// Names the newest assignment. What a worker says of its problem counts only under this name: after an earlier assignment it has gone
    /// on from another state than the run has.
    /// </summary>
    public long AssignmentId { get; set; }

    /// <summary>The workers that have had it, each with the truncation at which it began.</summary>
    public Dictionary<string, int> Holders { get; } = [];

    /// <param name="workerId">Who has it from now on.</param>
    /// <param name="assignmentId">Null: the worker goes on with what it has.</param>
    public void AssignTo(string workerId, long? assignmentId = null)
    {
        string? before = Owner;
        if (assignmentId is { } claimed && IsLentBy(workerId, claimed)) (_lender, _takenBackAt) = (null, NextTruncation);
        bool hasLender = _lender?.Truncation == NextTruncation || _takenBackAt == NextTruncation;
        if (!hasLender && IsKept && LastOwner is { Length: > 0 } last && last != workerId) _lender = (last, AssignmentId, NextTruncation);
        AssignmentId = assignmentId ?? AssignmentId;
        Owner = LastOwner = workerId;
        ReservedUntil = null;
        onMoved?.Invoke(this, before);
        Holders.TryAdd(workerId, NextTruncation);
    }

    /// <summary>
    /// Forgets the truncations from one on, and who began there or later: they are to be done again by any worker, from a recomputed state.
    /// </summary>
    /// <param name="truncation">The first of them.</param>
    /// <param name="laneVersion">θ version of the sample before it in its lane; null: there is none.</param>
    public void Rewind(int truncation, long? laneVersion)
    {
        Done.RemoveRange(truncation, Done.Count - truncation);
        _takenBackAt = null;
        InnerStep = Done.Sum(d => d.Steps);
        HasHandedBackState = false;
        LaneVersion = laneVersion;
        foreach (string holder in Holders.Where(h => h.Value >= truncation).Select(h => h.Key).ToList()) Holders.Remove(holder);
        Disown();
    }

    /// <summary>Makes the problem assignable to any worker, and claimable by none: what they have of it may be wrong.</summary>
    public void Disown()
    {
        LastOwner = "";
        Release();
    }

    /// <summary>
    /// Whether a worker that says that it has this problem, by an assignment, may go on with it: it has it, or had it last, or it was lent
    /// to another that has not yet delivered anything.
    /// </summary>
    public bool MayBeClaimedBy(string workerId, long assignmentId) => IsLentBy(workerId, assignmentId)
        || (assignmentId == AssignmentId && LastOwner == workerId && (Owner is null || Owner == workerId));

    /// <summary>
    /// Whether it was lent to another worker while it was kept for this one, which may take it back: nothing came of it yet, nor has it
    /// been taken back at this truncation before.
    /// </summary>
    public bool IsLentBy(string workerId, long assignmentId) => _lender == (workerId, assignmentId, NextTruncation);

    /// <summary>Keeps the problem for a worker that may come back.</summary>
    public void ReserveUntil(DateTimeOffset until)
    {
        ReservedUntil = until;
        onMoved?.Invoke(this, Owner);
    }

    /// <summary>Makes the problem assignable to any worker. Who had lent it has no right to it any more.</summary>
    public void Release()
    {
        string? before = Owner;
        Owner = null;
        _lender = null;
        ReservedUntil = null;
        onMoved?.Invoke(this, before);
    }
}
