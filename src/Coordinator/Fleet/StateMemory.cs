using System.Buffers;
using LoptCluster.Protocol;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>Memory for the states that leaving workers hand back, all together: those that find no place are recomputed.</summary>
/// <remarks>Thread-safe. Pieces are used again, so that a flood of states leaves nothing for the garbage collector to find.</remarks>
internal sealed class StateMemory
{
    /// <summary>Bytes; more than a hundred states of convolutional nets.</summary>
    public const long Most = 64 << 20;

    /// <summary>Bytes of a piece.</summary>
    public const int PieceBytes = ProtocolLimits.StateChunkBytes;

    private readonly ArrayPool<byte> _pieces = ArrayPool<byte>.Create(PieceBytes, (int)(Most / PieceBytes));
    private long _taken;

    /// <returns>Whether there was room.</returns>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= Most) return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);

    /// <returns>A piece, which counts as taken; null: there was no room.</returns>
    public byte[]? TryTakePiece() => TryTake(PieceBytes) ? _pieces.Rent(PieceBytes) : null;

    /// <summary>Gives a piece back for another state; it stays counted as taken.</summary>
    public void Reuse(byte[] piece) => _pieces.Return(piece);
}
