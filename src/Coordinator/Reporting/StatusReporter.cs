using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.Training;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>
/// Shows the run to the services and the gauges: at most five times a second, once a second in a fleet of 10,000 workers, which are all
/// looked at, and at once when its stage changes.
/// </summary>
/// <remarks>Only reads. Owned by the run loop; not thread-safe.</remarks>
internal sealed class StatusReporter(
    RunContext run,
    RunPhase phase,
    IRunMode mode,
    OuterTrainer trainer,
    SampleBatch batch,
    Members members,
    ProblemLedger ledger,
    EvaluationSchedule evaluations,
    AuditBook audits,
    QuarantineRegister quarantine,
    UpdateTrend trend,
    RunTotals totals,
    Incidents incidents,
    StatusBoard board,
    NeedBoard needs,
    CoordinatorMetrics metrics,
    TimeProvider time)
{
    private const int LeastMilliseconds = 200, MostMilliseconds = 1000, WorkersOfAMillisecond = 10;

    private readonly StatusComposer _statuses = new(run);
    private readonly GaugeComposer _gauges = new(run);
    private DateTimeOffset _reportedAt;
    private RunStage? _reportedStage;

    private TimeSpan Interval => TimeSpan.FromMilliseconds(
        Math.Clamp(members.Connected.Count / WorkersOfAMillisecond, LeastMilliseconds, MostMilliseconds));

    /// <summary>Shows the run as it is.</summary>
    public void Report() => Compose(atOnce: true)!();

    /// <summary>Composes what is shown of the run as it is; null: it is not yet time.</summary>
    /// <param name="atOnce">An operator waits for the result of a command.</param>
    /// <returns>Shows it; to be called once it is durable.</returns>
    public Action? Compose(bool atOnce)
    {
        var now = time.GetUtcNow();
        if (!atOnce && now - _reportedAt < Interval && phase.Stage == _reportedStage) return null;
        (_reportedAt, _reportedStage) = (now, phase.Stage);
        var facts = Facts(now);
        var status = _statuses.Compose(facts);
        var need = RunNeed.Of(phase, mode, evaluations.Jobs.Count);
        var gauges = _gauges.Compose(facts, status.SecondsLeft);
        return () =>
        {
            board.Publish(status);
            needs.Publish(need);
            metrics.Observe(gauges);
        };
    }

    private RunFacts Facts(DateTimeOffset now) => new()
    {
        Now = now,
        Stage = phase.Stage,
        AwaitsEvaluations = phase.AwaitsEvaluations,
        Seconds = phase.Seconds,
        Version = trainer.Theta.Version,
        Last = trainer.Last,
        Queued = batch.Waiting,
        Connected = members.Connected,
        Lost = [.. members.Lost],
        Ledger = ledger,
        Evaluations = evaluations,
        AuditsOpen = audits.Open,
        Disputes = [.. audits.Disputes],
        Quarantined = quarantine.All,
        Trend = trend,
        Totals = totals,
        Incidents = incidents,
    };
}
