using System.Diagnostics.Metrics;
using LoptCluster.TestKit;
using LoptCluster.Worker.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LoptCluster.Worker.Tests.Telemetry;

public sealed class WorkerMetricsTests
{
    [Fact]
    public void Instruments_SampleReplayConnection_AreCountedWithTheirUnits()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<WorkerMetrics>().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        var seen = new Dictionary<string, (double Value, string? Unit)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory)) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = (value, instrument.Unit));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => seen[instrument.Name] = (value, instrument.Unit));
        listener.Start();
        var metrics = services.GetRequiredService<WorkerMetrics>();
        var sample = EngineSamples.Compute(SmallRun.Specification, 0, 0).Samples[0];

        metrics.OnSample(sample);
        metrics.OnTruncationRecomputed();
        metrics.OnConnected();
        metrics.ObserveSlots(() => new Dictionary<string, int>(), () => 5, () => 0);
        listener.RecordObservableInstruments();

        Assert.Equal((5, "{step}"), seen["lopt.worker.inner_steps"]);
        Assert.Equal((1, "{sample}"), seen["lopt.worker.samples"]);
        Assert.Equal((1, "{truncation}"), seen["lopt.worker.replays"]);
        Assert.Equal((1, "{connection}"), seen["lopt.worker.connections"]);
        Assert.Equal((sample.Elapsed.TotalSeconds, "s"), seen["lopt.worker.sample.duration"]);
    }
}
