using System.Diagnostics.Metrics;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Telemetry;

/// <summary>The worker's instruments. Thread-safe.</summary>
internal sealed class WorkerMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _replays;
    private readonly Counter<long> _audited;
    private readonly Counter<long> _connections;
    private readonly Histogram<double> _seconds;
    private volatile bool _connected;

    public WorkerMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(InstrumentNames.WorkerMeter);
        _samples = _meter.CreateCounter<long>(WorkerInstruments.Samples, "{sample}", "Samples computed.");
        _replays = _meter.CreateCounter<long>(
            WorkerInstruments.Replays, "{truncation}", "Truncations recomputed to restore the state of a lost worker.");
        _audited = _meter.CreateCounter<long>(
            WorkerInstruments.AuditedSamples, "{sample}", "Samples of other workers computed again, to audit them.");
        _connections = _meter.CreateCounter<long>(WorkerInstruments.Connections, "{connection}", "Connections to the coordinator.");
        _seconds = _meter.CreateHistogram(
            WorkerInstruments.SampleDuration, "s", "Time that one slot takes for one sample.", null, HistogramBounds.Samples);
        _meter.CreateObservableGauge(WorkerInstruments.Connected, () => _connected ? 1 : 0, null, "1 while joined to the coordinator.");
        // Present from the start: a rate over a counter that appears with its first event misses that event.
        foreach (var counter in (Counter<long>[])[_samples, _replays, _audited, _connections]) counter.Add(0);
    }

    public bool IsConnected => _connected;

    /// <summary>Adds the instruments of the slots and of the held problems, which are read on collection.</summary>
    public void ObserveSlots(Func<IReadOnlyDictionary<string, int>> activities, Func<long> innerSteps, Func<int> problems)
    {
        _meter.CreateObservableCounter(
            WorkerInstruments.InnerSteps, innerSteps, "{step}",
            "Inner-steps of samples, both sides of each pair, of audits, evaluations and comparisons.");
        _meter.CreateObservableGauge(
            WorkerInstruments.BusySlots,
            () => activities().Select(a =>
                new Measurement<int>(a.Value, KeyValuePair.Create<string, object?>(WorkerInstruments.ActivityTag, a.Key))),
            "{slot}",
            "Slots, by activity.");
        _meter.CreateObservableGauge(WorkerInstruments.Problems, problems, "{problem}", "Inner-problems held.");
    }

    public void OnSample(GradientSample sample)
    {
        _samples.Add(1);
        _seconds.Record(sample.Elapsed.TotalSeconds);
    }

    public void OnTruncationRecomputed() => _replays.Add(1);

    public void OnAudited() => _audited.Add(1);

    public void OnConnected()
    {
        _connections.Add(1);
        _connected = true;
    }

    public void OnDisconnected() => _connected = false;
}
