using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Engine.Datasets;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>Composes the run's own figures for the gauges.</summary>
internal sealed class GaugeComposer(RunContext run)
{
    private readonly RemainingWork _remaining = new(run.Specification, run.Lineage.Plans.Newest);

    /// <param name="facts">The run.</param>
    /// <param name="secondsLeft">As the status has it.</param>
    public RunGauges Compose(RunFacts facts, double secondsLeft) => new()
    {
        Stage = facts.Stage,
        Version = facts.Version,
        Queued = facts.Queued,
        SecondsRunning = facts.Seconds,
        SecondsLeft = secondsLeft,
        Comparison = facts.Evaluations.Comparison is { } c ? (c.TasksDone, c.Tasks, c.TrainingsDone, c.Trainings) : null,
        SlotSecondsLeft = facts.Evaluations.Comparison is null
            ? _remaining.PairSteps(facts.Version) * facts.Totals.SlotSecondsPerPairStep
            : double.NaN,
        OuterLossAverage = facts.Trend.OuterLossAverage,
        Fleet = Fleet(facts),
        AuditsOpen = facts.AuditsOpen,
        AuditDisputes = facts.Disputes.Count,
        Quarantined = facts.Quarantined.Count,
        Evaluations =
        [
            .. Known("theta", facts.Evaluations.Newest), .. Known("theta_average", facts.Evaluations.NewestAverage),
            .. Known("adam", facts.Evaluations.Baseline),
        ],
        BestLoss = facts.Evaluations.BestLoss,
        BestVersion = facts.Evaluations.BestVersion ?? -1,
    };

    private static IEnumerable<EvaluationGauge> Known(string optimizer, Dictionary<ClassSplit, double> losses) =>
        losses.Where(e => !double.IsNaN(e.Value)).Select(e => new EvaluationGauge(e.Key, optimizer, e.Value));

    private static FleetGauges Fleet(RunFacts facts)
    {
        var connected = facts.Connected.Where(w => !w.Draining).ToList();
        double[] rates = [.. connected.Select(w => w.InnerStepsPerSecond).Order()];
        var open = facts.Ledger.Open;
        int reserved = open.Count(p => p.ReservedUntil is not null);
        int assigned = open.Count(p => p.ReservedUntil is null && p.Owner is not null);
        return new FleetGauges
        {
            Connected = connected.Count,
            Draining = facts.Connected.Count - connected.Count,
            Lost = facts.Lost.Count,
            Slots = connected.Sum(w => w.Session.Slots),
            Activities = connected.CountBy(w => w.Activity).ToDictionary(),
            InnerStepsPerSecond = rates.Length == 0 ? null : (rates[0], rates[rates.Length / 2], rates[^1]),
            ProblemsAssigned = assigned,
            ProblemsReserved = reserved,
            ProblemsFree = open.Count - assigned - reserved,
        };
    }
}
