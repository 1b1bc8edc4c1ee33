using LoptCluster.Coordinator.Sessions;
using LoptCluster.Protocol;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>Puts together the states that one worker hands back, part by part.</summary>
internal sealed class StateAssembly(StateMemory memory, TimeProvider time) : IDisposable
{
    /// <summary>From the first part of a state to its last: seconds on a slow network.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly StateBytes _bytes = new(memory);
    private long? _begun;
    private Refusal? _fault;

    /// <param name="part">The next part.</param>
    /// <param name="last">Whether the state ends with it.</param>
    /// <param name="assignmentId">The assignment that the problem came with, as its last part says.</param>
    /// <returns>The state, or what is wrong with it, once its last part has come; else null.</returns>
    public IncomingMessage? Add(ReadOnlySpan<byte> part, bool last, long assignmentId)
    {
        _begun ??= time.GetTimestamp();
        DropOverdue();
        if (_fault is null) _fault = Take(part);
        if (!last) return null;
        var message = Complete(assignmentId);
        Reset(keepsMemory: message is StateHandedBack);
        return message;
    }

    /// <summary>Gives up a state whose last part has not come in time.</summary>
    public void DropOverdue()
    {
        if (_fault is not null || _begun is not { } begun || time.GetElapsedTime(begun) <= Limit) return;
        Reset(keepsMemory: false);
        _begun = begun;
        _fault = new(
            RefusalReason.Malformed, $"a state did not come whole within {Limit.TotalSeconds:0} s; it is recomputed");
    }

    public void Dispose() => Reset(keepsMemory: false);

    private Refusal? Take(ReadOnlySpan<byte> part)
    {
        if (part.Length > ProtocolLimits.StateChunkBytes)
        {
            return new(
                RefusalReason.Malformed,
                $"a part of a state has {part.Length} bytes; at most {ProtocolLimits.StateChunkBytes} are allowed");
        }

        return _bytes.TryAdd(part)
            ? null
            : new(
                RefusalReason.Malformed,
                $"a state takes more than half of what other states leave of {StateMemory.Most >> 20} MiB; it is recomputed");
    }

    private IncomingMessage Complete(long assignmentId)
    {
        if (_fault is { } fault) return new StateUnreadable(fault);
        try
        {
            return new StateHandedBack(InnerStateCodec.Decode(_bytes.Sequence()), assignmentId, new Lease(memory, _bytes.Taken));
        }
        catch (UserErrorException e)
        {
            return new StateUnreadable(new(RefusalReason.Malformed, e.Message.TrimEnd('.')));
        }
    }

    private void Reset(bool keepsMemory)
    {
        _bytes.Clear(keepsMemory);
        (_begun, _fault) = (null, null);
    }

    private sealed class Lease(StateMemory memory, long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose() => memory.Return(Interlocked.Exchange(ref _bytes, 0));
    }
}
