using System.Threading.Channels;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.OuterTraining;

/// <summary>One connection of one worker: what goes down its stream.</summary>
/// <remarks>
/// The run loop writes, one writer task per stream reads; a gRPC stream allows one writer at a time, hence the channel. It is unbounded, but what can
/// pile up is not: a worker has few problems, and of θ only the newest is sent (<see cref="Offer"/> replaces).
/// </remarks>
internal sealed class WorkerSession(Hello hello, CancellationTokenSource call)
{
    private readonly Channel<CoordinatorMessage?> _outbound = Channel.CreateUnbounded<CoordinatorMessage?>(new() { SingleReader = true });
    private ThetaSnapshot? _newest;

    public string WorkerId { get; } = hello.WorkerId;

    public string Host { get; } = hello.Host;

    public int Slots { get; } = hello.Slots;

    public Hello Hello { get; } = hello;

    /// <summary>Its Welcome is on the way; the run loop's to set.</summary>
    public bool Welcomed { get; set; }

    public void Send(CoordinatorMessage message) => _outbound.Writer.TryWrite(message);

    /// <summary>Queues θ; a newer one takes the place of one that was not sent yet.</summary>
    public void Offer(ThetaSnapshot theta)
    {
        if (Interlocked.Exchange(ref _newest, theta) is null) _outbound.Writer.TryWrite(null);
    }

    /// <summary>Ends the stream after what is queued.</summary>
    public void Complete() => _outbound.Writer.TryComplete();

    /// <summary>The run loop broke the connection: it was silent, replaced, or slow to say goodbye.</summary>
    public bool Aborted { get; private set; }

    /// <summary>Breaks the connection.</summary>
    public void Abort()
    {
        Aborted = true;
        Complete();
        try
        {
            call.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has ended by itself.
        }
    }

    public async IAsyncEnumerable<CoordinatorMessage> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await _outbound.Reader.WaitToReadAsync(cancellation))
        {
            while (TryRead(out var message)) yield return message;
        }
    }

    /// <summary>The next message, if one is there.</summary>
    public bool TryRead([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CoordinatorMessage? message)
    {
        while (_outbound.Reader.TryRead(out message))
        {
            if (message is null && Interlocked.Exchange(ref _newest, null) is { } theta) message = new CoordinatorMessage { Theta = ThetaWire.ToProto(theta) };
            if (message is not null) return true;
        }

        return false;
    }
}
