using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Intake;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.TestKit;

namespace LoptCluster.Benchmarks.Loop;

/// <summary>
/// How long the run loop stands when a worker of a fleet of 10,000 with 40,000 open problems is quarantined: the turn with the quarantine,
/// and the longest of those that share out its problems. As many of the worker's samples as there may be wait for an audit.
/// </summary>
internal sealed class QuarantineTurns : IDisposable
{
    private const string Wrong = "worker-0";
    private const int Workers = 10_000, SlotsOfAWorker = 4, Repeats = 5;

    private readonly LoopTurns _turns = new(SmallRun.Long with { AuditShare = 1 });

    /// <param name="had">Open problems that the worker has had: its own, or in time all of the run's.</param>
    private QuarantineTurns(int had)
    {
        for (int i = 0; i < Workers; i++) _turns.Handle(new WorkerJoined(LoopTurns.Session($"worker-{i}", SlotsOfAWorker)));
        var ledger = _turns.Get<ProblemLedger>();
        while (ledger.Open.Count < Workers * SlotsOfAWorker) _turns.Turn();
        foreach (var problem in ledger.Open.Take(had)) problem.Holders.TryAdd(Wrong, 0);
        var audits = _turns.Get<AuditBook>();
        foreach (var problem in ledger.Open.Take(Math.Min(had, AuditBook.MostOpen)))
            audits.OnAccepted(LoopTurns.Sample(problem.Id), Wrong, Wrong, DateTimeOffset.UnixEpoch, hasOthers: true);
        _turns.Turn();
        while (audits.All.Any(a => a.Auditor is null)) _turns.Turn();
        GC.Collect();
    }

    public static void Print(TextWriter output)
    {
        foreach (int had in (int[])[SlotsOfAWorker, Workers * SlotsOfAWorker])
        {
            for (int repeat = 0; repeat < Repeats; repeat++)
            {
                using var fleet = new QuarantineTurns(had);
                var none = LoopTurns.Measure(fleet._turns.Turn);
                var quarantine = LoopTurns.Measure(fleet.Quarantine);
                var after = fleet._turns.Longest(turns: 20);
                output.WriteLine(
                    $"{had,6} problems: quarantine {LoopTurns.Text(quarantine)}; longest turn after it {LoopTurns.Text(after)}; "
                        + $"a turn before {LoopTurns.Text(none)}");
            }
        }
    }

    public void Dispose() => _turns.Dispose();

    private void Quarantine()
    {
        _turns.Get<WorkerQuarantine>().Impose(
            new StoredClaim(LoopTurns.Sample(0), Wrong, Wrong, DateTimeOffset.UnixEpoch), "It was wrong.", DateTimeOffset.UnixEpoch);
        _turns.Turn();
    }
}
