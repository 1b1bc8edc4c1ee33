using System.Diagnostics.Metrics;
using LoptCluster.Coordinator.RunStore;
using LoptCluster.Protos.V1;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Samples;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>The coordinator's instruments. Written by the run loop; gauges show its last word.</summary>
internal sealed class CoordinatorMetrics
{
    private readonly Counter<long> _samples;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _lost;
    private readonly Histogram<double> _age;
    private readonly Histogram<double> _seconds;
    private HistoryEntry? _last;
    private int _queued;
    private int _workers;
    private long _version;
    private double _evaluation = double.NaN;

    public CoordinatorMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(InstrumentNames.CoordinatorMeter);
        _samples = meter.CreateCounter<long>("lopt.samples", "{sample}", "Samples received, by outcome.");
        _rejected = meter.CreateCounter<long>("lopt.refusals", "{message}", "Messages refused, by reason.");
        _lost = meter.CreateCounter<long>("lopt.workers.lost", "{worker}", "Connections that ended without a goodbye.");
        _age = meter.CreateHistogram<double>("lopt.sample.age", "{update}", "Outer-updates between a sample's θ and the θ it was received at.");
        _seconds = meter.CreateHistogram<double>("lopt.sample.duration", "s", "Time of one slot for one sample.");
        meter.CreateObservableGauge("lopt.outer_update", () => _version, "{update}", "Outer-updates applied.");
        meter.CreateObservableGauge("lopt.queue.depth", () => _queued, "{sample}", "Samples that wait for a full batch.");
        meter.CreateObservableGauge("lopt.workers", () => _workers, "{worker}", "Workers connected.");
        meter.CreateObservableGauge("lopt.outer_loss", () => Last(h => h.OuterLoss), "nat", "Mean of L over the last batch.");
        meter.CreateObservableGauge("lopt.truncation.steps", () => Last(h => h.TruncationSteps), "{step}", "Mean k of the last batch.");
        meter.CreateObservableGauge("lopt.weight_es", () => Last(h => h.WeightEs), "1", "Mean share of g_es in the last merge.");
        meter.CreateObservableGauge("lopt.variance.rp", () => Last(h => h.VarianceRp), "1", "Median over θ of the variance of one sample of g_rp.");
        meter.CreateObservableGauge("lopt.variance.es", () => Last(h => h.VarianceEs), "1", "Median over θ of the variance of one sample of g_es.");
        meter.CreateObservableGauge("lopt.gradient.norm", () => Last(h => h.GradientNorm), "1", "Norm of the merged gradient before the clip.");
        meter.CreateObservableGauge("lopt.evaluation.loss", () => _evaluation, "nat", "Newest mean loss of θ on held-out tasks.");
    }

    public void Sample(string outcome) => _samples.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void SampleTaken(GradientSample sample, long age)
    {
        _age.Record(age);
        _seconds.Record(sample.Elapsed.TotalSeconds);
    }

    public void Rejected(RejectReason reason) => _rejected.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void WorkerLost() => _lost.Add(1);

    public void Updated(HistoryEntry entry) => _last = entry;

    public void Evaluated(StoredEvaluation evaluation)
    {
        if (evaluation.Version >= 0 && (EvaluationSplit)evaluation.Split == EvaluationSplit.OuterTest) _evaluation = evaluation.MeanLoss;
    }

    public void Observe(int queued, int workers, long version) => (_queued, _workers, _version) = (queued, workers, version);

    private double Last(Func<HistoryEntry, double> value) => _last is { } last ? value(last) : double.NaN;
}

internal static class CoordinatorMetricsServices
{
    public static IServiceCollection AddCoordinatorMetrics(this IServiceCollection services) => services.AddMetrics().AddSingleton<CoordinatorMetrics>();
}
