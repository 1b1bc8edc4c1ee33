using LoptCluster.Shared.Run;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Reports;

namespace LoptCluster.Worker.Unrolling;

/// <summary>The problems that this worker holds, and those of them that a slot may take up at the current θ.</summary>
/// <remarks>Not thread-safe: part of <see cref="UnrollPoolState"/>. Ready problems take turns: the longest waiting comes first.</remarks>
internal sealed class ProblemPool
{
    private readonly Dictionary<long, HeldProblem> _held = [];
    private readonly LinkedList<HeldProblem> _ready = [];
    private PublishedTheta? _theta;

    public int Count => _held.Count;

    /// <summary>No problem is taken up while paused.</summary>
    public bool Paused { get; set; }

    public IEnumerable<ProblemPosition> Positions => _held.Values.Select(p => p.Position);

    /// <summary>A problem could be taken up at the current θ.</summary>
    public bool HasReady => !Paused && _theta is { } theta && _ready.Any(p => theta.Version >= p.EarliestVersion);

    /// <summary>Replaces θ unless it is older than the current one.</summary>
    public void UpdateTheta(PublishedTheta theta)
    {
        if (_theta is null || theta.Version > _theta.Version) _theta = theta;
    }

    /// <summary>Adds a problem that the pool does not hold.</summary>
    public void Add(ProblemAssignment assignment)
    {
        var problem = new HeldProblem(assignment);
        _held.Add(problem.Id, problem);
        _ready.AddLast(problem);
    }

    /// <summary>Removes a problem, also from under a slot that works on it.</summary>
    public void Revoke(long problemId)
    {
        if (!_held.Remove(problemId, out var problem)) return;
        problem.Revoked = true;
        _ready.Remove(problem);
    }

    /// <summary>
    /// The first problem in turn that does not wait for a later θ. The caller has it until <see cref="Release"/> or <see cref="Complete"/>.
    /// </summary>
    public WorkItem.Unroll? TryDequeue()
    {
        if (Paused || _theta is null) return null;
        for (var node = _ready.First; node is not null; node = node.Next)
        {
            if (_theta.Version < node.Value.EarliestVersion) continue;
            _ready.Remove(node);
            node.Value.Running = true;
            return new WorkItem.Unroll(node.Value, _theta);
        }

        return null;
    }

    /// <summary>Records the sample of a dequeued problem and puts the problem at the end of the turn, unless it is finished.</summary>
    /// <param name="earliestVersion">θ version that the next sample waits for.</param>
    /// <returns>Whether the sample counts: false if the problem was revoked in the meantime.</returns>
    public bool Complete(HeldProblem problem, GradientSample sample, long earliestVersion)
    {
        problem.Running = false;
        if (problem.Revoked) return false;
        problem.Position = problem.Position with
        {
            NextTruncation = sample.Identity.Truncation + 1,
            InnerStep = sample.StartStep + sample.Steps,
        };
        problem.EarliestVersion = earliestVersion;
        if (sample.ProblemFinished) _held.Remove(problem.Id);
        else _ready.AddLast(problem);
        return true;
    }

    /// <summary>Abandons the truncation of a dequeued problem, which keeps the state from before it and gets no further turn.</summary>
    public static void Release(HeldProblem problem) => problem.Running = false;

    /// <summary>States of the unfinished problems that no slot works on, for other workers to continue from.</summary>
    public IReadOnlyList<UnfinishedProblem> HandBack() =>
        [.. from problem in _held.Values where !problem.Running
            let state = problem.State ?? (problem.Assignment.Origin as StateOrigin.HandedBack)?.State where state is not null
            select new UnfinishedProblem(state, problem.Position.AssignmentId)];
}
