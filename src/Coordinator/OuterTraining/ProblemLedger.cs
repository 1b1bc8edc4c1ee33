using LoptCluster.Coordinator.RunStore;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.OuterTraining;

/// <summary>What a sample is to the ledger.</summary>
internal enum SampleStanding
{
    /// <summary>The next truncation of a problem of that worker's.</summary>
    Next,

    /// <summary>Known already.</summary>
    Duplicate,

    /// <summary>No such problem, or it is another worker's now.</summary>
    UnknownProblem,

    /// <summary>Does not go on from where the problem stands.</summary>
    Misplaced,
}

/// <summary>Every open problem of the run: the one place that knows who unrolls what, and how far it is.</summary>
/// <remarks>Owned by the run loop; not thread-safe. Its durable twin are the tables problems and samples.</remarks>
internal sealed class ProblemLedger(RunSpecification specification)
{
    private readonly SortedDictionary<long, OpenProblem> _open = [];

    public IReadOnlyCollection<OpenProblem> Open => _open.Values;

    /// <summary>Id of the next new problem (asynchronous mode).</summary>
    public long NextProblemId { get; private set; }

    public OpenProblem? Find(long id) => _open.GetValueOrDefault(id);

    /// <summary>Open problems of each worker that has any.</summary>
    public IReadOnlyDictionary<string, int> Counts() => _open.Values.Where(p => p.Owner is not null).CountBy(p => p.Owner!).ToDictionary();

    public int CountOf(string workerId) => _open.Values.Count(p => p.Owner == workerId);

    public void Restore(StoredRun run, DateTimeOffset reservedUntil)
    {
        NextProblemId = run.NextProblemId;
        foreach (var stored in run.OpenProblems)
        {
            var problem = new OpenProblem(stored.Id, stored.Lane, stored.Horizon)
            {
                // Nobody's, yet a worker that outlived the coordinator may come and claim it.
                ReservedUntil = reservedUntil,
                InnerStep = stored.Done.Sum(d => d.Steps),
                HasHandedBackState = stored.State?.NextTruncation == stored.Done.Count,
                LaneVersion = stored.LaneVersion,
            };
            if (problem.HasHandedBackState) problem.ReservedUntil = null;
            problem.Done.AddRange(stored.Done);
            _open.Add(problem.Id, problem);
        }
    }

    /// <summary>Opens problem <paramref name="id"/>, which nobody has yet.</summary>
    public OpenProblem Add(long id, int lane)
    {
        var problem = new OpenProblem(id, lane, ProblemHorizon.Of(specification, id));
        _open.Add(id, problem);
        NextProblemId = Math.Max(NextProblemId, id + 1);
        return problem;
    }

    public SampleStanding StandingOf(GradientSample sample, string workerId, Func<SampleIdentity, bool> isStored)
    {
        if (!_open.TryGetValue(sample.Identity.ProblemId, out var problem))
            return isStored(sample.Identity) ? SampleStanding.Duplicate : SampleStanding.UnknownProblem;
        if (sample.Identity.Truncation >= 0 && sample.Identity.Truncation < problem.NextTruncation) return SampleStanding.Duplicate;
        // After a restart nobody owns a problem; the sample that ends one, sent again, needs no owner any more.
        bool endsUnclaimed = problem is { Owner: null, ReservedUntil: not null } && sample.ProblemFinished;
        if (problem.Owner != workerId && !endsUnclaimed) return SampleStanding.UnknownProblem;
        bool fits = sample.Identity.Truncation == problem.NextTruncation
            && sample.StartStep == problem.InnerStep
            && sample.Steps >= 1
            && sample.Steps <= problem.Horizon - problem.InnerStep
            && (sample.ProblemFinished || sample.Steps < problem.Horizon - problem.InnerStep);
        return fits ? SampleStanding.Next : SampleStanding.Misplaced;
    }

    /// <summary>Moves the problem on. True: it has ended and is no longer open.</summary>
    public bool Advance(OpenProblem problem, GradientSample sample)
    {
        problem.Done.Add(new DoneTruncation(sample.Identity.Truncation, sample.Steps, sample.ThetaVersion));
        problem.InnerStep += sample.Steps;
        problem.HasHandedBackState = false;
        problem.LaneVersion = sample.ThetaVersion;
        return sample.ProblemFinished && _open.Remove(problem.Id);
    }

    /// <summary>Keeps a lost worker's problems for it until <paramref name="until"/>.</summary>
    public void Reserve(string workerId, DateTimeOffset until)
    {
        foreach (var problem in _open.Values.Where(p => p.Owner == workerId)) problem.ReservedUntil = until;
    }

    /// <summary>The problem is anybody's.</summary>
    public static void Release(OpenProblem problem)
    {
        problem.Owner = null;
        problem.ReservedUntil = null;
    }

    /// <summary>Graces that have ended make problems anybody's.</summary>
    public void ReleaseExpired(DateTimeOffset now)
    {
        foreach (var problem in _open.Values.Where(p => p.ReservedUntil <= now)) Release(problem);
    }
}
