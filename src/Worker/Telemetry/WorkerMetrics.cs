using System.Diagnostics.Metrics;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Samples;

namespace LoptCluster.Worker.Telemetry;

/// <summary>The worker's instruments.</summary>
internal sealed class WorkerMetrics
{
    private readonly Counter<long> _steps;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _replays;
    private readonly Counter<long> _connections;
    private readonly Histogram<double> _seconds;

    public WorkerMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(InstrumentNames.WorkerMeter);
        _steps = meter.CreateCounter<long>("lopt.worker.inner_steps", "{step}", "Inner-steps of both halves.");
        _samples = meter.CreateCounter<long>("lopt.worker.samples", "{sample}", "Samples computed.");
        _replays = meter.CreateCounter<long>("lopt.worker.replays", "{truncation}", "Truncations computed again to reach a lost worker's state.");
        _connections = meter.CreateCounter<long>("lopt.worker.connections", "{connection}", "Times that the coordinator welcomed this worker.");
        _seconds = meter.CreateHistogram<double>("lopt.worker.sample.duration", "s", "Time of one slot for one sample.");
    }

    public void Sampled(GradientSample sample)
    {
        _samples.Add(1);
        _steps.Add(2L * sample.Steps);
        _seconds.Record(sample.Elapsed.TotalSeconds);
    }

    public void Replayed() => _replays.Add(1);

    public void Connected() => _connections.Add(1);
}
