using System.Buffers;
using LoptCluster.Protocol;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>Memory for the states that leaving workers hand back, all together: those that find no place are recomputed.</summary>
/// <remarks>Thread-safe. Pieces are used again, so that a flood of states leaves nothing for the garbage collector to find.</remarks>
internal sealed class StateMemory
{
    /// <summary>Bytes; more than a hundred states of convolutional nets.</summary>
    public const long Most = 64 << 20;

    private readonly Lock _gate = new();
    /// <summary>Bytes of a piece.</summary>
    public const int PieceBytes = ProtocolLimits.StateChunkBytes;

    private readonly ArrayPool<byte> _pieces = ArrayPool<byte>.Create(PieceBytes, (int)(Most / PieceBytes));
    private long _taken;

    /// <summary>
    /// Takes more memory for a state. It may have half of what the others leave: whatever one peer does, others find room.
    /// </summary>
    /// <param name="bytes">Bytes more.</param>
    /// <param name="held">Bytes that the state has already.</param>
    /// <returns>Whether there was room.</returns>
    public bool TryTake(long bytes, long held = 0)
    {
        lock (_gate)
        {
            long free = Most - (_taken - held);
            if (held + bytes > free / 2) return false;
            _taken += bytes;
            return true;
        }
    }

    public void Return(long bytes)
    {
        lock (_gate) _taken -= bytes;
    }

    /// <param name="held">Bytes that the state has already.</param>
    /// <returns>A piece, which counts as taken; null: there was no room.</returns>
    public byte[]? TryTakePiece(long held) => TryTake(PieceBytes, held) ? _pieces.Rent(PieceBytes) : null;

    /// <summary>Gives a piece back for another state; it stays counted as taken.</summary>
    public void Reuse(byte[] piece) => _pieces.Return(piece);
}
