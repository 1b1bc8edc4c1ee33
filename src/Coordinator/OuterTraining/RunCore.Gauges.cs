using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Coordinator.OuterTraining;

internal sealed partial class RunCore
{
    private RunGauges Gauges(Status status) => new()
    {
        State = status.State,
        Version = _theta.Version,
        Queued = _batch.Waiting,
        SecondsRunning = _seconds,
        SecondsLeft = status.SecondsLeft,
        SlotSecondsLeft = PairStepsLeft() * _totals.SlotSecondsPerPairStep,
        OuterLossAverage = _totals.OuterLossAverage,
        Fleet = FleetGauges(),
        Evaluations =
        [
            .. _evaluations.Newest.Select(e => new EvaluationGauge(e.Key, Baseline: false, e.Value)).Where(e => !double.IsNaN(e.Loss)),
            .. _evaluations.Baseline.Select(e => new EvaluationGauge(e.Key, Baseline: true, e.Value)).Where(e => !double.IsNaN(e.Loss)),
        ],
        BestLoss = _evaluations.BestLoss,
        BestVersion = _evaluations.BestVersion,
    };

    private FleetGauges FleetGauges()
    {
        WorkerEntry[] connected = [.. _workers.Values.Where(w => !w.Draining)];
        double[] rates = [.. connected.Select(w => w.InnerStepsPerSecond).Order()];
        int reserved = _ledger.Open.Count(p => p.ReservedUntil is not null);
        int assigned = _ledger.Open.Count(p => p.ReservedUntil is null && p.Owner is not null);
        return new FleetGauges
        {
            Connected = connected.Length,
            Draining = _workers.Count - connected.Length,
            Lost = _lost.Count,
            Slots = connected.Sum(w => w.Session.Slots),
            Activities = connected.CountBy(w => w.Activity).ToDictionary(),
            InnerStepsPerSecond = rates.Length == 0 ? null : (rates[0], rates[rates.Length / 2], rates[^1]),
            ProblemsAssigned = assigned,
            ProblemsReserved = reserved,
            ProblemsFree = _ledger.Open.Count - assigned - reserved,
        };
    }
}
