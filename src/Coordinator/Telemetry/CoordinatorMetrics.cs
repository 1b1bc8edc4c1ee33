using System.Diagnostics.Metrics;
using System.Text.Json;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>Counters and histograms of the coordinator, and the newest figures for its gauges.</summary>
/// <remarks>Written by the run loop alone; <see cref="CoordinatorGauges"/> reads the two newest records from any thread.</remarks>
internal sealed class CoordinatorMetrics
{
    private readonly RunTag _tag;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _rpInvalid;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _innerSteps;
    private readonly Counter<long> _received;
    private readonly Counter<long> _joined;
    private readonly Counter<long> _left;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _returned;
    private readonly Counter<long> _handedBack;
    private readonly Counter<long> _audited;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _dropped;
    private readonly Histogram<double> _age;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _queue;
    private readonly Histogram<double> _merge;
    private readonly Histogram<double> _commit;
    private volatile RunGauges? _run;
    private volatile UpdateFigures? _update;

    public CoordinatorMetrics(IMeterFactory factory, RunTag tag)
    {
        _tag = tag;
        var meter = factory.Create(InstrumentNames.CoordinatorMeter);
        _samples = meter.CreateCounter<long>(CoordinatorInstruments.Samples, "{sample}", "Samples received, by outcome.");
        _rpInvalid = meter.CreateCounter<long>(
            CoordinatorInstruments.SamplesRpInvalid, "{sample}", "Samples taken whose g_rp was not finite.");
        _refusals = meter.CreateCounter<long>(CoordinatorInstruments.Refusals, "{message}", "Messages refused, by reason.");
        _innerSteps = meter.CreateCounter<long>(
            CoordinatorInstruments.InnerSteps, "{step}", "Inner-steps of both halves of the samples taken.");
        _received = meter.CreateCounter<long>(CoordinatorInstruments.SampleReceived, "By", "Bytes of the samples received.");
        _joined = meter.CreateCounter<long>(
            CoordinatorInstruments.WorkersJoined, "{worker}", "Workers welcomed, returning ones among them.");
        _left = meter.CreateCounter<long>(
            CoordinatorInstruments.WorkersLeft, "{worker}", "Workers that said goodbye: stopped, preempted or sent away.");
        _lost = meter.CreateCounter<long>(CoordinatorInstruments.WorkersLost, "{worker}", "Connections that ended without a goodbye.");
        _returned = meter.CreateCounter<long>(
            CoordinatorInstruments.WorkersReturned, "{worker}", "Workers that came back while their problems were kept for them.");
        _handedBack = meter.CreateCounter<long>(
            CoordinatorInstruments.StatesHandedBack, "{problem}", "Half-done problems that leaving workers handed back.");
        _audited = meter.CreateCounter<long>(
            CoordinatorInstruments.AuditedSamples, "{sample}",
            "Samples that were drawn to be computed again by another worker, by outcome.");
        _quarantined = meter.CreateCounter<long>(
            CoordinatorInstruments.WorkersQuarantined, "{worker}", "Workers quarantined, because a sample of them was wrong.");
        _dropped = meter.CreateCounter<long>(
            CoordinatorInstruments.SamplesDropped, "{sample}", "Samples dropped before their merge, because their worker was quarantined.");
        _age = meter.CreateHistogram(
            CoordinatorInstruments.SampleAge,
            null,
            "Staleness: outer-updates between a sample's θ and the θ it was received at.",
            null,
            HistogramBounds.Updates);
        _duration = meter.CreateHistogram(
            CoordinatorInstruments.SampleDuration, "s", "Time of one slot for one sample.", null, HistogramBounds.Samples);
        _queue = meter.CreateHistogram(
            CoordinatorInstruments.SampleQueue, "s", "From a sample's arrival to the merge it is part of.", null, HistogramBounds.Samples);
        _merge = meter.CreateHistogram(
            CoordinatorInstruments.MergeDuration, "s", "Time of an outer-update: eq. (1), clip, Adam.", null, HistogramBounds.Work);
        _commit = meter.CreateHistogram(
            CoordinatorInstruments.CommitDuration, "s", "Time until a group of events is durable.", null, HistogramBounds.Work);
        StartAtZero();
    }

    /// <summary>The run loop's newest figures; null before the first.</summary>
    public RunGauges? Run => _run;

    /// <summary>Figures of the newest outer-update since the process started; null before the first.</summary>
    public UpdateFigures? Update => _update;

    public void SampleReceived(SampleVerdict verdict, int bytes)
    {
        _received.Add(bytes, _tag.With());
        _samples.Add(1, Tag(CoordinatorInstruments.OutcomeTag, LabelOf(verdict)));
    }

    public void SampleStored(GradientSample sample, long age)
    {
        _innerSteps.Add(sample.UnrolledSteps, _tag.With());
        _age.Record(age, _tag.With());
        _duration.Record(sample.Elapsed.TotalSeconds, _tag.With());
        if (sample.Gradients.Any(g => !g.IsFinite)) _rpInvalid.Add(1, _tag.With());
    }

    public void MessageRefused(RefusalReason reason) => _refusals.Add(1, Tag(CoordinatorInstruments.ReasonTag, LabelOf(reason)));

    public void Audited(AuditOutcome outcome) => _audited.Add(1, Tag(CoordinatorInstruments.OutcomeTag, LabelOf(outcome)));

    public void Quarantined(int dropped)
    {
        _quarantined.Add(1, _tag.With());
        _dropped.Add(dropped, _tag.With());
    }

    public void WorkerJoined() => _joined.Add(1, _tag.With());

    public void WorkerReturned() => _returned.Add(1, _tag.With());

    public void WorkerLeft(int statesHandedBack)
    {
        _left.Add(1, _tag.With());
        _handedBack.Add(statesHandedBack, _tag.With());
    }

    public void WorkerLost() => _lost.Add(1, _tag.With());

    public void Updated(UpdateFigures update, IEnumerable<TimeSpan> queued, TimeSpan merge)
    {
        _update = update;
        _merge.Record(merge.TotalSeconds, _tag.With());
        foreach (var time in queued) _queue.Record(time.TotalSeconds, _tag.With());
    }

    public void Committed(TimeSpan time) => _commit.Record(time.TotalSeconds, _tag.With());

    public void Observe(RunGauges run) => _run = run;

    /// <summary>The run stands, and cannot compose its figures itself.</summary>
    public void Interrupt() => _run = (_run ?? new RunGauges()) with { Stage = RunStage.Interrupted };

    /// <summary>A value as a label: WrongDataset becomes wrong_dataset.</summary>
    internal static string LabelOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private KeyValuePair<string, object?>[] Tag(string name, string value) => _tag.With(new KeyValuePair<string, object?>(name, value));

    /// <summary>Every counter is there from the start: a rate over one that appears with its first event misses that event.</summary>
    private void StartAtZero()
    {
        foreach (var verdict in Enum.GetValues<SampleVerdict>()) _samples.Add(0, Tag(CoordinatorInstruments.OutcomeTag, LabelOf(verdict)));
        foreach (var reason in Enum.GetValues<RefusalReason>()) _refusals.Add(0, Tag(CoordinatorInstruments.ReasonTag, LabelOf(reason)));
        foreach (var outcome in Enum.GetValues<AuditOutcome>()) _audited.Add(0, Tag(CoordinatorInstruments.OutcomeTag, LabelOf(outcome)));
        Counter<long>[] counters =
            [_rpInvalid, _innerSteps, _received, _joined, _left, _lost, _returned, _handedBack, _quarantined, _dropped];
        foreach (var counter in counters) counter.Add(0, _tag.With());
    }
}
