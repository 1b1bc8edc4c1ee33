using System.Diagnostics.Metrics;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.RunStore;
using LoptCluster.Protos.V1;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Samples;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>The coordinator's instruments (the paper's Fig. 4, live, among them).</summary>
/// <remarks>Written by the run loop alone; gauges read its last word, an immutable record each, from any thread. A gauge without a value yet reports nothing.</remarks>
internal sealed class CoordinatorMetrics
{
    private readonly Counter<long> _samples;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _innerSteps;
    private readonly Histogram<double> _age;
    private readonly Histogram<double> _seconds;
    private volatile RunGauges? _run;
    private volatile OuterUpdate? _update;
    private volatile IReadOnlyDictionary<(EvaluationSplit Split, bool Baseline), double> _evaluations = new Dictionary<(EvaluationSplit, bool), double>();

    public CoordinatorMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(InstrumentNames.CoordinatorMeter);
        _samples = meter.CreateCounter<long>(CoordinatorInstruments.Samples, "{sample}", "Samples received, by outcome.");
        _refusals = meter.CreateCounter<long>(CoordinatorInstruments.Refusals, "{message}", "Messages refused, by reason.");
        _lost = meter.CreateCounter<long>(CoordinatorInstruments.WorkersLost, "{worker}", "Connections that ended without a goodbye.");
        _innerSteps = meter.CreateCounter<long>(CoordinatorInstruments.InnerSteps, "{step}", "Inner-steps of both halves of the samples taken.");
        _age = meter.CreateHistogram<double>(CoordinatorInstruments.SampleAge, "{update}", "Outer-updates between a sample's θ and the θ it was received at.");
        _seconds = meter.CreateHistogram<double>(CoordinatorInstruments.SampleDuration, "s", "Time of one slot for one sample.");
        meter.CreateObservableGauge(CoordinatorInstruments.OuterUpdate, () => Run(r => r.Version), "{update}", "Outer-updates applied.");
        meter.CreateObservableGauge(CoordinatorInstruments.QueueDepth, () => Run(r => (long)r.Queued), "{sample}", "Samples that wait for a full batch.");
        meter.CreateObservableGauge(CoordinatorInstruments.Workers, Workers, "{worker}", "Workers, by state.");
        meter.CreateObservableGauge(CoordinatorInstruments.OuterLoss, () => Last(u => u.History.OuterLoss), "nat", "Mean of L over the last batch.");
        meter.CreateObservableGauge(CoordinatorInstruments.TruncationSteps, () => Last(u => u.History.TruncationSteps), "{step}", "Mean k of the last batch.");
        meter.CreateObservableGauge(CoordinatorInstruments.WeightEs, () => Spread(u => u.WeightEs), "1", "Share of g_es in the last merge; quantiles over θ.");
        meter.CreateObservableGauge(CoordinatorInstruments.VarianceRp, () => Spread(u => u.VarianceRp), "1", "Variance of one sample of g_rp; quantiles over θ.");
        meter.CreateObservableGauge(CoordinatorInstruments.VarianceEs, () => Spread(u => u.VarianceEs), "1", "Variance of one sample of g_es; quantiles over θ.");
        meter.CreateObservableGauge(CoordinatorInstruments.GradientNorm, Norms, "1", "Norm of the batch's mean gradient, by estimator; merged: before the clip.");
        meter.CreateObservableGauge(CoordinatorInstruments.EvaluationLoss, Evaluations, "nat", "Newest mean loss, of θ and of tuned Adam, by class split.");
    }

    public void Sample(string outcome) => _samples.Add(1, Tag(CoordinatorInstruments.OutcomeTag, outcome));

    public void SampleTaken(GradientSample sample, long age)
    {
        _innerSteps.Add(2L * sample.Steps);
        _age.Record(age);
        _seconds.Record(sample.Elapsed.TotalSeconds);
    }

    public void Rejected(RejectReason reason) => _refusals.Add(1, Tag(CoordinatorInstruments.ReasonTag, reason.ToString()));

    public void WorkerLost() => _lost.Add(1);

    public void Updated(OuterUpdate update) => _update = update;

    public void Evaluated(StoredEvaluation evaluation) => _evaluations =
        new Dictionary<(EvaluationSplit, bool), double>(_evaluations) { [((EvaluationSplit)evaluation.Split, evaluation.Version < 0)] = evaluation.MeanLoss };

    public void Observe(RunGauges run) => _run = run;

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private Measurement<long>[] Run(Func<RunGauges, long> value) => _run is { } run ? [new(value(run))] : [];

    private Measurement<double>[] Last(Func<OuterUpdate, double> value) => _update is { } update ? [new(value(update))] : [];

    private Measurement<long>[] Workers() => _run is not { } run
        ? []
        :
        [
            new(run.Connected, Tag(CoordinatorInstruments.StateTag, "connected")),
            new(run.Draining, Tag(CoordinatorInstruments.StateTag, "draining")),
            new(run.Lost, Tag(CoordinatorInstruments.StateTag, "lost")),
        ];

    private Measurement<double>[] Spread(Func<OuterUpdate, Quantiles> value)
    {
        if (_update is not { } update) return [];
        var quantiles = value(update);
        return
        [
            new(quantiles.Low, Tag(CoordinatorInstruments.QuantileTag, "0.1")),
            new(quantiles.Median, Tag(CoordinatorInstruments.QuantileTag, "0.5")),
            new(quantiles.High, Tag(CoordinatorInstruments.QuantileTag, "0.9")),
        ];
    }

    private Measurement<double>[] Norms() => _update is not { } update
        ? []
        :
        [
            new(update.History.GradientNorm, Tag(CoordinatorInstruments.EstimatorTag, "merged")),
            new(update.GradientNormRp, Tag(CoordinatorInstruments.EstimatorTag, "rp")),
            new(update.GradientNormEs, Tag(CoordinatorInstruments.EstimatorTag, "es")),
        ];

    private Measurement<double>[] Evaluations() =>
    [
        .. _evaluations.Select(e => new Measurement<double>(
            e.Value,
            Tag(CoordinatorInstruments.SplitTag, e.Key.Split == EvaluationSplit.OuterTrain ? "outer_train" : "outer_test"),
            Tag(CoordinatorInstruments.OptimizerTag, e.Key.Baseline ? "adam" : "theta"))),
    ];
}

internal static class CoordinatorMetricsServices
{
    public static IServiceCollection AddCoordinatorMetrics(this IServiceCollection services) => services.AddMetrics().AddSingleton<CoordinatorMetrics>();
}
