using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Store.Ledger;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Replay;

/// <summary>Computes samples of a run again, with the engine that its workers use, on slots of this process.</summary>
/// <remarks>
/// A problem begins at t = 0 and goes through its truncations at the versions of θ that the run recorded; the states of open problems are
/// kept, so that samples in the order of the run cost what they cost there. Not thread-safe; the slots run in parallel inside.
/// </remarks>
/// <param name="reader">The run's θ.</param>
/// <param name="ledger">The run's samples.</param>
/// <param name="createSlot">Makes a slot of the run.</param>
/// <param name="slots">Samples that are computed at the same time.</param>
internal sealed class SampleRecomputer(RunReader reader, LedgerReader ledger, Func<Slot> createSlot, int slots) : IDisposable
{
    private const int MostThetas = 512;

    private readonly ConcurrentBag<Slot> _idle = [];
    private readonly ConcurrentDictionary<long, InnerState> _states = [];
    private readonly Dictionary<long, PublishedTheta> _thetas = [];

    /// <summary>Computes samples again, in the order given.</summary>
    /// <exception cref="UserErrorException">What a sample started from is no longer in the run's file.</exception>
    public IReadOnlyList<GradientSample> Measure(IReadOnlyList<GradientSample> recorded, CancellationToken cancellation)
    {
        var work = recorded.OrderBy(s => s.Identity.Truncation).GroupBy(s => s.Identity.ProblemId).Select(Plan).ToList();
        var measured = new ConcurrentDictionary<SampleIdentity, GradientSample>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = slots, CancellationToken = cancellation };
        try
        {
            Parallel.ForEach(work, options, problem =>
            {
                if (!_idle.TryTake(out var slot)) slot = createSlot();
                try
                {
                    foreach (var sample in Unroll(slot, problem, cancellation)) measured[sample.Identity] = sample;
                }
                finally
                {
                    _idle.Add(slot);
                }
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return [.. recorded.Select(s => measured[s.Identity])];
    }

    public void Dispose()
    {
        foreach (var slot in _idle) slot.Dispose();
    }

    private IEnumerable<GradientSample> Unroll(Slot slot, ProblemPlan problem, CancellationToken cancellation)
    {
        var state = _states.GetValueOrDefault(problem.Id);
        if (state is null || state.NextTruncation > problem.From) state = slot.Begin(problem.Id);
        foreach (var (truncation, theta, measure) in problem.Truncations)
        {
            if (measure) yield return slot.Measure(state, theta, cancellation);
            else slot.Recompute(state, theta.Theta, truncation.Steps, cancellation);
        }

        if (problem.Ends) _states.TryRemove(problem.Id, out _);
        else _states[problem.Id] = state;
    }

    /// <summary>What a slot has to do for the samples of one problem. Reads of the file are done here, on the caller's thread.</summary>
    private ProblemPlan Plan(IGrouping<long, GradientSample> samples)
    {
        long id = samples.Key;
        int first = samples.First().Identity.Truncation, last = samples.Last().Identity.Truncation;
        int from = _states.TryGetValue(id, out var state) && state.NextTruncation <= first ? state.NextTruncation : 0;
        var done = ledger.Truncations(id, from, last + 1);
        if (done.Count != last + 1 - from)
        {
            throw new UserErrorException(
                $"Sample {id}/{last} cannot be computed again: {last + 1 - from - done.Count} of the truncations before it are not in the "
                    + "run's file. They were pruned.");
        }

        var wanted = samples.Select(s => s.Identity.Truncation).ToHashSet();
        return new ProblemPlan(
            id, from, [.. done.Select(t => (t, Theta(t.ThetaVersion), wanted.Contains(t.Truncation)))],
            samples.Last().ProblemFinished);
    }

    private PublishedTheta Theta(long version)
    {
        if (_thetas.TryGetValue(version, out var known)) return known;
        if (_thetas.Count >= MostThetas) _thetas.Clear();
        if (reader.Theta(version) is not { } theta || reader.Plan(version) is not { } plan)
        {
            throw new UserErrorException(
                $"Version {version} of θ, which samples were computed at, is not in the run's file. It was pruned.");
        }

        return _thetas[version] = new PublishedTheta(theta, plan);
    }

    /// <summary>The truncations of a problem that are unrolled, in order; those that are measured make samples.</summary>
    private sealed record ProblemPlan(
        long Id, int From, IReadOnlyList<(DoneTruncation Truncation, PublishedTheta Theta, bool Measure)> Truncations, bool Ends);
}
