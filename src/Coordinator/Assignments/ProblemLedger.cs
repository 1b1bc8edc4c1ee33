using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Assignments;

/// <summary>Every open problem of the run: the one place that knows which worker unrolls what, and how far it is.</summary>
/// <remarks>Owned by the run loop; not thread-safe. The tables problems and samples are its durable twin.</remarks>
internal sealed class ProblemLedger(RunSpecification specification)
{
    private readonly SortedDictionary<long, OpenProblem> _open = [];

    /// <summary>The open problems of each worker: when a large fleet comes back, nobody looks through all problems for each.</summary>
    private readonly Dictionary<string, HashSet<OpenProblem>> _owned = [];
    private readonly ProblemHorizon _horizon = ProblemHorizon.From(specification);

    public IReadOnlyCollection<OpenProblem> Open => _open.Values;

    /// <summary>Counts whatever may change which worker is to have which problem.</summary>
    public long Moves { get; private set; }

    /// <summary>Smallest id above those of all problems so far.</summary>
    public long NextProblemId { get; private set; }

    public OpenProblem? Find(long id) => _open.GetValueOrDefault(id);

    /// <summary>Number of open problems by worker.</summary>
    public IReadOnlyDictionary<string, int> Counts() => _owned.ToDictionary(o => o.Key, o => o.Value.Count);

    public int CountOf(string workerId) => OwnedBy(workerId).Count;

    /// <summary>A problem that has ended, and is open again only if its last samples are dropped.</summary>
    public OpenProblem Ended(long id, int lane, int horizon) => new(id, lane, horizon, OnMoved);

    public int LaneOf(long problemId) => (int)(problemId % specification.BatchSamples);

    /// <param name="run">The run as its file has it.</param>
    /// <param name="quarantined">Workers that are not believed: what others made of a problem of theirs is not either.</param>
    /// <param name="reservedUntil">How long problems are kept for the workers that had them.</param>
    public void Restore(StoredRun run, IReadOnlySet<string> quarantined, DateTimeOffset reservedUntil)
    {
        NextProblemId = run.NextProblemId;
        foreach (var stored in run.OpenProblems)
        {
            var problem = new OpenProblem(stored.Id, stored.Lane, stored.Horizon, OnMoved)
            {
                InnerStep = stored.Done.Sum(d => d.Steps),
                HasHandedBackState = stored.State?.NextTruncation == stored.Done.Count
                    && stored.State.InnerStep == stored.Done.Sum(d => d.Steps),
                LaneVersion = stored.LaneVersion >= 0 ? stored.LaneVersion : null,
                LastOwner = stored.Owner?.Worker,
                AssignmentId = stored.Owner?.AssignmentId ?? 0,
            };
            // It has no owner, but a worker that outlived the coordinator may come and claim it.
            if (!problem.HasHandedBackState) problem.ReserveUntil(reservedUntil);
            problem.Done.AddRange(stored.Done);
            foreach (var (worker, first) in stored.Holders) problem.Holders.TryAdd(worker, first);
            if (stored.Owner is { } owner) problem.Holders.TryAdd(owner.Worker, problem.NextTruncation);
            if (problem.Holders.Keys.Any(quarantined.Contains)) problem.Disown();
            _open.Add(problem.Id, problem);
        }
    }

    /// <summary>Opens problem <paramref name="id"/>, without an owner.</summary>
    public OpenProblem Add(long id)
    {
        var problem = new OpenProblem(id, LaneOf(id), _horizon.Of(id), OnMoved);
        _open.Add(id, problem);
        OnMoved(problem, before: null);
        NextProblemId = Math.Max(NextProblemId, id + 1);
        return problem;
    }

    /// <param name="sample">The sample.</param>
    /// <param name="assignmentId">The assignment that it says it belongs to.</param>
    /// <param name="workerId">Who sent it.</param>
    /// <param name="isStored">Whether a sample of a problem that is not open is in the file.</param>
    public SampleStanding StandingOf(GradientSample sample, long assignmentId, string workerId, Func<SampleIdentity, bool> isStored)
    {
        if (!_open.TryGetValue(sample.Identity.ProblemId, out var problem))
            return isStored(sample.Identity) ? SampleStanding.Duplicate : SampleStanding.UnknownProblem;
        if (sample.Identity.Truncation >= 0 && sample.Identity.Truncation < problem.NextTruncation) return SampleStanding.Duplicate;
        // After a restart no problem has an owner; the sample that ends one, sent again, needs none any more. Likewise where it was lent.
        bool isLent = problem.IsLentBy(workerId, assignmentId);
        bool endsUnclaimed = (isLent || problem is { Owner: null, ReservedUntil: not null }) && sample.ProblemFinished
            && problem.MayBeClaimedBy(workerId, assignmentId);
        if (problem.Owner != workerId && !endsUnclaimed) return SampleStanding.UnknownProblem;
        if (problem.AssignmentId != assignmentId && !isLent) return SampleStanding.OtherAssignment;
        bool fits = sample.Identity.Truncation == problem.NextTruncation
            && sample.StartStep == problem.InnerStep
            && sample.Steps >= 1
            && sample.Steps <= problem.Horizon - problem.InnerStep
            && (sample.ProblemFinished || sample.Steps < problem.Horizon - problem.InnerStep);
        return fits ? SampleStanding.Next : SampleStanding.Misplaced;
    }

    /// <summary>Moves the problem on by an acknowledged sample.</summary>
    /// <returns>Whether it has ended and is no longer open.</returns>
    public bool Advance(OpenProblem problem, GradientSample sample)
    {
        problem.Done.Add(new DoneTruncation(sample.Identity.Truncation, sample.Steps, sample.ThetaVersion));
        problem.InnerStep += sample.Steps;
        problem.HasHandedBackState = false;
        problem.LaneVersion = sample.ThetaVersion;
        if (!sample.ProblemFinished || !_open.ContainsKey(problem.Id)) return false;
        Remove(problem);
        return true;
    }

    /// <summary>A problem that had ended goes on: its last samples are dropped.</summary>
    public void Reopen(OpenProblem problem)
    {
        _open.TryAdd(problem.Id, problem);
        OnMoved(problem, before: null);
    }

    /// <summary>The problem is not open any more: it has ended, or there is no sample of it.</summary>
    public void Remove(OpenProblem problem)
    {
        _open.Remove(problem.Id);
        OnMoved(problem, problem.Owner);
    }

    /// <summary>Keeps a lost worker's problems for it until <paramref name="until"/>.</summary>
    public void Reserve(string workerId, DateTimeOffset until)
    {
        foreach (var problem in OwnedBy(workerId)) problem.ReserveUntil(until);
    }

    /// <summary>Makes a worker's problems assignable to any worker.</summary>
    public void ReleaseAll(string workerId)
    {
        foreach (var problem in OwnedBy(workerId).ToList()) problem.Release();
    }

    /// <summary>Releases problems whose grace period has expired.</summary>
    public void ReleaseExpired(DateTimeOffset now)
    {
        foreach (var problem in _open.Values.Where(p => p.ReservedUntil <= now)) problem.Release();
    }

    private void OnMoved(OpenProblem problem, string? before)
    {
        Moves++;
        string? owner = _open.ContainsKey(problem.Id) ? problem.Owner : null;
        if (owner == before) return;
        if (before is not null && _owned.TryGetValue(before, out var had) && had.Remove(problem) && had.Count == 0) _owned.Remove(before);
        if (owner is null) return;
        if (!_owned.TryGetValue(owner, out var has)) _owned[owner] = has = [];
        has.Add(problem);
    }

    private IReadOnlyCollection<OpenProblem> OwnedBy(string workerId) => _owned.TryGetValue(workerId, out var owned) ? owned : [];
}
