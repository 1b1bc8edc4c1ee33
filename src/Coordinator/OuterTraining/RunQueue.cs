using System.Threading.Channels;

namespace LoptCluster.Coordinator.OuterTraining;

/// <summary>Events on their way to the run loop. Bounded; a full queue waits (samples are never dropped).</summary>
internal sealed class RunQueue
{
    private const int Capacity = 1024;

    private readonly Channel<RunEvent> _channel =
        Channel.CreateBounded<RunEvent>(new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public ChannelReader<RunEvent> Reader => _channel.Reader;

    public ChannelWriter<RunEvent> Writer => _channel.Writer;
}
