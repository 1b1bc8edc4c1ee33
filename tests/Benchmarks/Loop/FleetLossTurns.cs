using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.TestKit;

namespace LoptCluster.Benchmarks.Loop;

/// <summary>
/// How long the run loop stands when a whole fleet is lost at once and another takes its place: the turn in which all connections break,
/// that in which the time is over for which the problems are kept, and the longest of those that give them to the new workers, for which
/// all truncations of each problem are to be computed again.
/// </summary>
internal sealed class FleetLossTurns : IDisposable
{
    private const int Workers = 100, Slots = 8, Truncations = 199, Repeats = 5;

    private readonly LoopTurns _turns = new(SmallRun.Long);
    private readonly List<WorkerSession> _fleet = [];

    /// <param name="workers">Workers of the fleet, each with 8 slots.</param>
    private FleetLossTurns(int workers)
    {
        Join("lost", workers);
        var ledger = _turns.Get<ProblemLedger>();
        while (ledger.Open.Count < workers * Slots) _turns.Turn();
        _turns.Turn();
        foreach (var problem in ledger.Open)
        {
            for (int truncation = 0; truncation < Truncations; truncation++)
                ledger.Advance(problem, LoopTurns.Sample(problem.Id, truncation));
        }

        GC.Collect();
    }

    public static void Print(TextWriter output)
    {
        foreach (int workers in (int[])[Workers, 10 * Workers])
        {
            for (int repeat = 0; repeat < Repeats; repeat++)
            {
                using var fleet = new FleetLossTurns(workers);
                var lost = LoopTurns.Measure(fleet.Lose);
                var over = LoopTurns.Measure(fleet.EndGrace);
                var (joined, longest) = fleet.Replace(workers);
                output.WriteLine(
                    $"{workers,5} workers, {workers * Slots * Truncations:#,0} truncations: all lost {LoopTurns.Text(lost)}; "
                        + $"grace over {LoopTurns.Text(over)}; as many join {LoopTurns.Text(joined)}; "
                        + $"longest turn after it {LoopTurns.Text(longest)}");
            }
        }
    }

    public void Dispose() => _turns.Dispose();

    private void Join(string name, int workers)
    {
        for (int i = 0; i < workers; i++)
        {
            _fleet.Add(LoopTurns.Session($"{name}-{i}", Slots));
            _turns.Handle(new WorkerJoined(_fleet[^1]));
        }
    }

    private void Lose()
    {
        foreach (var session in _fleet) _turns.Handle(new WorkerLeft(session));
        _turns.Turn();
    }

    private void EndGrace()
    {
        _turns.Time.Advance(_turns.Get<MembershipTimes>().LostWorkerGrace);
        _turns.Handle(new ClockTicked());
        _turns.Turn();
    }

    private ((double Wall, double Processor) Joined, (double Wall, double Processor) Longest) Replace(int workers)
    {
        var joined = LoopTurns.Measure(() =>
        {
            Join("new", workers);
            _turns.Turn();
        });
        var longest = _turns.Longest(turns: 20);
        if (_turns.Get<ProblemLedger>().Open.Any(p => p.Owner?.StartsWith("new", StringComparison.Ordinal) != true))
            throw new InvalidOperationException("Problems are left that no worker has.");
        return (joined, longest);
    }
}
