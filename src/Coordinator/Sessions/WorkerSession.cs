using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>One connection of one worker: what goes down its stream.</summary>
/// <remarks>
/// The run loop writes, one writer task per stream reads; a gRPC stream allows one writer at a time, hence the channel. It is unbounded,
/// but what can pile up is not: a worker has few problems, and of θ only the newest is sent (<see cref="Offer"/> replaces).
/// </remarks>
internal sealed class WorkerSession(WorkerHello hello, CancellationTokenSource call)
{
    /// <summary>A null stands for the newest θ.</summary>
    private readonly Channel<OutgoingMessage?> _outbound = Channel.CreateUnbounded<OutgoingMessage?>(new() { SingleReader = true });
    private PublishedTheta? _newest;

    public string WorkerId => Hello.WorkerId;

    public string Host => Hello.Host;

    public int Slots => Hello.Slots;

    public WorkerHello Hello { get; } = hello;

    /// <summary>Its Welcome is on the way. Set by the run loop.</summary>
    public bool Welcomed { get; set; }

    /// <summary>It was dismissed and asked to come back. Set by the run loop.</summary>
    public bool ComesBack { get; set; }

    /// <summary>The run loop broke the connection: the worker was silent, replaced, or too slow to say goodbye.</summary>
    public bool Aborted { get; private set; }

    public void Send(OutgoingMessage message) => _outbound.Writer.TryWrite(message);

    /// <summary>Queues θ; a newer one takes the place of one that was not sent yet.</summary>
    public void Offer(PublishedTheta theta)
    {
        if (Interlocked.Exchange(ref _newest, theta) is null) _outbound.Writer.TryWrite(null);
    }

    /// <summary>Ends the stream after what is queued.</summary>
    public void Complete() => _outbound.Writer.TryComplete();

    /// <summary>Ends the connection without a farewell.</summary>
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

    public async IAsyncEnumerable<CoordinatorMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await _outbound.Reader.WaitToReadAsync(cancellation))
        {
            while (TryRead(out var message)) yield return message;
        }
    }

    /// <summary>The next message, if there is one.</summary>
    public bool TryRead([NotNullWhen(true)] out CoordinatorMessage? message)
    {
        message = null;
        while (message is null && _outbound.Reader.TryRead(out var queued))
        {
            if (queued is not null) message = WireMessages.ToProto(queued);
            else if (Interlocked.Exchange(ref _newest, null) is { } theta)
                message = new CoordinatorMessage { Theta = ThetaWire.ToProto(theta) };
        }

        return message is not null;
    }
}
