using LoptCluster.Coordinator.Sessions;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using Refusal = LoptCluster.Coordinator.Sessions.Refusal;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>Puts together the states that one worker hands back, part by part.</summary>
internal sealed class StateAssembly(StateMemory memory) : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private long _taken;
    private Refusal? _fault;

    /// <param name="chunk">The next part.</param>
    /// <returns>The state, or what is wrong with it, once its last part has come; else null.</returns>
    public IncomingMessage? Add(StateChunk chunk)
    {
        if (_fault is null) _fault = Take(chunk);
        if (!chunk.Last) return null;
        var message = Complete();
        Reset(keepsMemory: message is StateHandedBack);
        return message;
    }

    public void Dispose() => Reset(keepsMemory: false);

    private Refusal? Take(StateChunk chunk)
    {
        if (chunk.Data.Length > ProtocolLimits.StateChunkBytes)
        {
            return new(
                RefusalReason.Malformed,
                $"a part of a state has {chunk.Data.Length} bytes; at most {ProtocolLimits.StateChunkBytes} are allowed");
        }

        if (!memory.TryTake(chunk.Data.Length))
        {
            return new(
                RefusalReason.Malformed,
                $"the states that are handed back at once exceed {StateMemory.Most >> 20} MiB; this one is recomputed");
        }

        _taken += chunk.Data.Length;
        chunk.Data.WriteTo(_bytes);
        return null;
    }

    private IncomingMessage Complete()
    {
        if (_fault is { } fault) return new StateUnreadable(fault);
        try
        {
            long taken = _taken;
            return new StateHandedBack(InnerStateCodec.Decode(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length)), new Lease(memory, taken));
        }
        catch (UserErrorException e)
        {
            return new StateUnreadable(new(RefusalReason.Malformed, e.Message.TrimEnd('.')));
        }
    }

    private void Reset(bool keepsMemory)
    {
        if (!keepsMemory) memory.Return(_taken);
        (_taken, _fault) = (0, null);
        _bytes.SetLength(0);
        _bytes.Capacity = 0;
    }

    private sealed class Lease(StateMemory memory, long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose() => memory.Return(Interlocked.Exchange(ref _bytes, 0));
    }
}
