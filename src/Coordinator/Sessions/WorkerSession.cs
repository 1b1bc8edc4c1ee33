using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>One connection of one worker: what goes down its stream.</summary>
/// <remarks>
/// The run loop writes, one writer task per stream reads; a gRPC stream allows one writer at a time, hence the channel. Of θ only the
/// newest is sent (<see cref="Offer"/> replaces), and the connection of a worker that does not read is cut (<see cref="Overflows"/>).
/// </remarks>
internal sealed class WorkerSession(WorkerHello hello, CancellationTokenSource call)
{
    private const int LeastOverflow = 5000;
    private const int FirstSlots = 32;

    /// <summary>Messages, composed when they are written; a null stands for the newest θ.</summary>
    private readonly Channel<Func<OutgoingMessage>?> _outbound =
        Channel.CreateUnbounded<Func<OutgoingMessage>?>(new() { SingleReader = true });

    private PublishedTheta? _newest;
    private long _lastHeard;
    private int _waiting;

    public string WorkerId => Hello.WorkerId;

    public string Host => Hello.Host;

    /// <summary>Slots that it says it has. It has a place in the fleet before its Hello is inspected, hence the bounds.</summary>
    public int Slots => Math.Clamp(Hello.Slots, 0, ProtocolLimits.MostSlots);

    /// <summary>
    /// Slots that it is given work for: as many as it says once it has delivered, so that the slots of one that never does cost little.
    /// </summary>
    public int UsableSlots => Math.Min(Slots, FirstSlots + (2 * Delivered));

    /// <summary>Samples and evaluations of it that were accepted. Set by the run loop.</summary>
    public int Delivered { get; set; }

    public WorkerHello Hello { get; } = hello;

    /// <summary>Its Welcome is on the way. Set by the run loop.</summary>
    public bool Welcomed { get; set; }

    /// <summary>It was dismissed and asked to come back. Set by the run loop.</summary>
    public bool ComesBack { get; set; }

    /// <summary>The run loop broke the connection: the worker was silent, replaced, or too slow to say goodbye.</summary>
    public bool Aborted { get; private set; }

    /// <summary>When the newest message of the worker arrived.</summary>
    public DateTimeOffset LastHeard => new(Interlocked.Read(ref _lastHeard), TimeSpan.Zero);

    /// <summary>A message has arrived and waits for a place in the queue of the run loop: the worker is not silent.</summary>
    public bool Waits { get; set; }

    /// <summary>Messages of it that were refused. Set by the run loop.</summary>
    public int Refused { get; set; }

    /// <summary>A message has arrived.</summary>
    public void Hear(DateTimeOffset now) => Interlocked.Exchange(ref _lastHeard, now.UtcTicks);

    public void Send(OutgoingMessage message) => Send(() => message);

    /// <param name="compose">Called when the message is written to the stream, on another thread than the run loop's.</param>
    public void Send(Func<OutgoingMessage> compose) => Enqueue(compose);

    /// <summary>Queues θ; a newer one takes the place of one that was not sent yet.</summary>
    public void Offer(PublishedTheta theta)
    {
        if (Interlocked.Exchange(ref _newest, theta) is null) Enqueue(null);
    }

    /// <summary>
    /// More messages wait than a worker that reads ever leaves: an assignment for each of its slots, and as many acknowledgements.
    /// </summary>
    public bool Overflows => Waiting > LeastOverflow + (4 * Slots);

    /// <summary>Messages that wait for the writer.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

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
            Interlocked.Decrement(ref _waiting);
            if (queued is not null) message = WireMessages.ToProto(queued());
            else if (Interlocked.Exchange(ref _newest, null) is { } theta)
                message = WireMessages.ToProto(theta);
        }

        return message is not null;
    }

    private void Enqueue(Func<OutgoingMessage>? compose)
    {
        Interlocked.Increment(ref _waiting);
        if (!_outbound.Writer.TryWrite(compose)) Interlocked.Decrement(ref _waiting);
    }
}
