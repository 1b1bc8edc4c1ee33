using System.Diagnostics.Metrics;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>Gauges of the coordinator: the run, the estimators (the paper's Fig. 4, live), evaluations, fleet and machine.</summary>
/// <remarks>
/// Reads the run loop's newest figures, which are immutable records, from any thread. A gauge without a value yet reports nothing.
/// </remarks>
internal sealed class CoordinatorGauges
{
    private static readonly RunStage[] Stages = Enum.GetValues<RunStage>();

    private readonly CoordinatorMetrics _metrics;
    private readonly Meter _meter;
    private readonly RunTag _tag;

    public CoordinatorGauges(IMeterFactory factory, CoordinatorMetrics metrics, RunContext run, CoordinatorOptions options, RunTag tag)
    {
        _tag = tag;
        _metrics = metrics;
        _meter = factory.Create(InstrumentNames.CoordinatorMeter);
        DescribeRun(run);
        DescribeUpdates();
        DescribeEvaluations();
        DescribeFleet();
        DescribeAudits();
        DescribeCoordinator(new RunDisk(options.RunDirectory));
    }

    private void DescribeRun(RunContext run)
    {
        var s = run.Specification;
        KeyValuePair<string, object?>[] info =
        [
            new("run_id", run.RunId), new("preset", s.Name), new("mode", CoordinatorMetrics.LabelOf(s.Mode)),
            new("estimator", CoordinatorMetrics.LabelOf(s.Estimator)), new("inner_problem", CoordinatorMetrics.LabelOf(s.InnerProblem)),
        ];
        Gauge(CoordinatorInstruments.RunInfo, () => [new(1, info)], null, "Always 1; which run this is.");
        Gauge(
            CoordinatorInstruments.RunState,
            () =>
                Run(r => Stages.Select(stage => With(stage == r.Stage ? 1 : 0, CoordinatorInstruments.StateTag,
                    CoordinatorMetrics.LabelOf(stage)))),
            null,
            "1 for the state that the run is in.");
        Gauge(CoordinatorInstruments.RunTraining, r => r.SecondsRunning, "s", "Outer-training so far, all starts together.");
        Gauge(
            CoordinatorInstruments.RunLeft, r => r.SecondsLeft, "s",
            "To the last outer-update, or the end of the comparison, at the present rate.");
        Gauge(
            CoordinatorInstruments.RunLeftSlot,
            r => r.SlotSecondsLeft,
            "s",
            "Computing of one slot to the last outer-update: times the price of a core-second, the cost.");
        _meter.CreateObservableCounter(
            CoordinatorInstruments.OuterUpdates,
            () => Run<long>(r => [new(r.Version, _tag.With())]),
            "{update}",
            "Outer-updates applied, all starts together.");
        Gauge(CoordinatorInstruments.OuterUpdatesPlanned, () => [new(run.OuterUpdates)], "{update}", "Outer-updates of the whole run.");
        Gauge(CoordinatorInstruments.BatchSamples, () => [new(s.BatchSamples)], "{sample}", "S: samples of an outer-update.");
        Gauge(
            CoordinatorInstruments.OuterLossAverage,
            r => r.OuterLossAverage,
            null,
            "Exponential average of the batches' outer-loss (0.95), nats.");
        Gauge(CoordinatorInstruments.OuterLossCap, () => [new(s.LossCap)], null, "Where the loss of an inner-step is cut, nats.");
    }

    /// <summary>The figures of the last outer-update, by the table.</summary>
    private void DescribeUpdates()
    {
        var figures = UpdateFigureTable.All.Concat(HyperParameterFigure.All);
        foreach (var gauge in figures.Where(f => f.Gauge is not null).GroupBy(f => f.Gauge!.Instrument))
        {
            UpdateFigure[] series = [.. gauge];
            Gauge(
                gauge.Key,
                () => _metrics.Update is { } u ? series.Where(f => !double.IsNaN(u[f])).Select(f => Measure(f.Gauge!, u[f])) : [],
                null,
                series[0].Gauge!.Description ?? series[0].Description);
        }
    }

    private void DescribeEvaluations()
    {
        Gauge(
            CoordinatorInstruments.EvaluationLoss,
            () => Run(r => r.Evaluations.Select(e => new Measurement<double>(
                e.Loss,
                new KeyValuePair<string, object?>(CoordinatorInstruments.SplitTag, CoordinatorMetrics.LabelOf(e.Split)),
                new KeyValuePair<string, object?>(CoordinatorInstruments.OptimizerTag, e.Optimizer)))),
            null,
            "Newest mean loss over evaluation tasks of θ, of its average (theta_average) and of Adam tuned on each, by class split, nats.");
        Gauge(CoordinatorInstruments.EvaluationBestLoss, r => r.BestLoss, null, "Lowest mean loss of θ on outer-train tasks so far, nats.");
        Gauge(
            CoordinatorInstruments.EvaluationBestVersion,
            r => r.BestVersion >= 0 ? r.BestVersion : double.NaN,
            null,
            "Version of θ that had it.");
        Gauge(
            CoordinatorInstruments.ComparisonTasks,
            r => r.Comparison?.TasksDone ?? double.NaN,
            "{task}",
            "Of a run that compares θ with baselines: held-out tasks on which all of them have been trained.");
        Gauge(
            CoordinatorInstruments.ComparisonTasksPlanned,
            r => r.Comparison?.Tasks ?? double.NaN,
            "{task}",
            "Of such a run: held-out tasks of the whole comparison.");
        Gauge(
            CoordinatorInstruments.ComparisonTrainings,
            r => r.Comparison?.TrainingsDone ?? double.NaN,
            "{training}",
            "Of such a run: inner-trainings done, one of θ on each task and one of each setting of each baseline.");
        Gauge(
            CoordinatorInstruments.ComparisonTrainingsPlanned,
            r => r.Comparison?.Trainings ?? double.NaN,
            "{training}",
            "Of such a run: inner-trainings of the whole comparison.");
    }

    private void DescribeFleet()
    {
        Gauge(
            CoordinatorInstruments.Workers,
            () =>
                Run(r => Each(CoordinatorInstruments.StateTag, ("connected", r.Fleet.Connected), (WorkerStates.Draining, r.Fleet.Draining),
                    (WorkerStates.Lost, r.Fleet.Lost))),
            "{worker}",
            "Workers, by state; lost: their problems are kept for them.");
        Gauge(CoordinatorInstruments.WorkerSlots, r => r.Fleet.Slots, "{slot}", "Slots of the connected workers.");
        Gauge(
            CoordinatorInstruments.WorkerActivity,
            () =>
                Run(r => Each(CoordinatorInstruments.ActivityTag,
                    [.. WorkerActivities.All.Select(a => (a, (double)r.Fleet.Activities.GetValueOrDefault(a)))])),
            "{worker}",
            "Connected workers, by what most of their slots do.");
        Gauge(
            CoordinatorInstruments.FleetInnerSteps,
            () =>
                Run(r => r.Fleet.InnerStepsPerSecond is { } rate
                    ? Each(CoordinatorInstruments.QuantileTag, ("0", rate.Least), ("0.5", rate.Median), ("1", rate.Most)) : []),
            null,
            "Inner-steps/s of a worker; slowest, median, fastest.");
        Gauge(
            CoordinatorInstruments.Problems,
            () => Run(r => Each(
                CoordinatorInstruments.StateTag, (
                    "assigned", r.Fleet.ProblemsAssigned), ("reserved", r.Fleet.ProblemsReserved), ("free", r.Fleet.ProblemsFree))),
            "{problem}",
            "Open inner-problems; reserved: a lost worker may come back for them.");
    }

    private void DescribeAudits()
    {
        Gauge(
            CoordinatorInstruments.AuditOpen, r => r.AuditsOpen, "{sample}", "Samples that another worker is still to compute again.");
        Gauge(
            CoordinatorInstruments.AuditDisputes,
            r => r.AuditDisputes,
            "{sample}",
            "Samples about which two workers do not agree, and no third has decided.");
        Gauge(CoordinatorInstruments.Quarantine, r => r.Quarantined, "{worker}", "Workers in quarantine, until an operator lifts it.");
    }

    private void DescribeCoordinator(RunDisk disk)
    {
        Gauge(CoordinatorInstruments.QueueDepth, r => r.Queued, "{sample}", "Samples that wait for a full batch.");
        Gauge(
            CoordinatorInstruments.DiskFree,
            () => disk.FreeBytes is { } free ? [new(free)] : [],
            "By",
            "Free on the run folder's file system.");
        Gauge(
            CoordinatorInstruments.DiskSize,
            () => disk.SizeBytes is { } size ? [new(size)] : [],
            "By",
            "Size of the run folder's file system.");
        Gauge(CoordinatorInstruments.RunDatabase, () => [new(disk.DatabaseBytes)], "By", "run.db and its log.");
    }

    private void Gauge(string name, Func<IEnumerable<Measurement<double>>> values, string? unit, string description) =>
        _meter.CreateObservableGauge(name, () => values().Select(Tagged), unit, description);

    private void Gauge(string name, Func<RunGauges, double> value, string? unit, string description) =>
        Gauge(name, () => Run<double>(r => double.IsNaN(value(r)) ? [] : [new(value(r))]), unit, description);

    private Measurement<double> Tagged(Measurement<double> measured) => new(measured.Value, _tag.With(measured.Tags));

    private IEnumerable<Measurement<T>> Run<T>(Func<RunGauges, IEnumerable<Measurement<T>>> values)
        where T : struct => _metrics.Run is { } run ? values(run) : [];

    private static Measurement<double> Measure(FigureGauge gauge, double value) =>
        gauge.Tag is { } tag ? With(value, tag, gauge.Label!) : new Measurement<double>(value);

    private static IEnumerable<Measurement<double>> Each(string tag, params (string Label, double Value)[] values) =>
        values.Select(v => With(v.Value, tag, v.Label));

    private static Measurement<double> With(double value, string tag, string label) =>
        new(value, new KeyValuePair<string, object?>(tag, label));
}
