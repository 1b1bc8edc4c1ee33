using System.Buffers;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>The bytes of a state as they come, in pieces of equal size.</summary>
internal sealed class StateBytes(StateMemory memory)
{
    private readonly List<byte[]> _pieces = [];
    private int _inLast;

    /// <summary>Memory that is counted as taken, bytes.</summary>
    public long Taken => (long)_pieces.Count * StateMemory.PieceBytes;

    /// <returns>Whether there was memory for all of the part.</returns>
    public bool TryAdd(ReadOnlySpan<byte> part)
    {
        while (!part.IsEmpty)
        {
            if (_pieces.Count == 0 || _inLast == StateMemory.PieceBytes)
            {
                if (memory.TryTakePiece(Taken) is not { } piece) return false;
                _pieces.Add(piece);
                _inLast = 0;
            }

            var taken = part[..Math.Min(part.Length, StateMemory.PieceBytes - _inLast)];
            taken.CopyTo(_pieces[^1].AsSpan(_inLast));
            _inLast += taken.Length;
            part = part[taken.Length..];
        }

        return true;
    }

    public ReadOnlySequence<byte> Sequence()
    {
        if (_pieces.Count == 0) return ReadOnlySequence<byte>.Empty;
        var first = new Segment(_pieces[0], 0);
        var last = first;
        foreach (byte[] piece in _pieces.Skip(1)) last = last.Append(piece);
        return new ReadOnlySequence<byte>(first, 0, last, _inLast);
    }

    /// <summary>Gives the pieces back.</summary>
    /// <param name="keepsMemory">They stay counted as taken.</param>
    public void Clear(bool keepsMemory)
    {
        if (!keepsMemory) memory.Return(Taken);
        foreach (byte[] piece in _pieces) memory.Reuse(piece);
        _pieces.Clear();
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] piece, long start)
        {
            Memory = piece.AsMemory(0, StateMemory.PieceBytes);
            RunningIndex = start;
        }

        public Segment Append(byte[] piece)
        {
            var next = new Segment(piece, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
