using System.Diagnostics.Metrics;
using System.Threading.Channels;
using LoptCluster.Coordinator.Run;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>Events on their way to the run loop. Bounded; a full queue waits (samples are never dropped).</summary>
internal sealed class RunQueue
{
    private const int Capacity = 1024;

    private readonly Channel<RunEvent> _channel =
        Channel.CreateBounded<RunEvent>(
            new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public RunQueue(IMeterFactory meters, RunTag tag) => meters.Create(InstrumentNames.CoordinatorMeter).CreateObservableGauge(
        CoordinatorInstruments.LoopBacklog, () => new Measurement<double>(_channel.Reader.Count, tag.With()), "{event}",
        "Events that wait for the run loop.");

    public ChannelReader<RunEvent> Reader => _channel.Reader;

    public ChannelWriter<RunEvent> Writer => _channel.Writer;
}
