using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Unrolling;

/// <summary>The block of memory that the tapes of one slot take turns on, so that a slot's budget holds for all layouts together.</summary>
/// <remarks>Owned by one slot; not thread-safe. Grows to the largest plan seen and is reused.</remarks>
public sealed class TapeMemory : IDisposable
{
    private AlignedBuffer _block = new(0);

    /// <summary>Floats of the block.</summary>
    public long Length => _block.Length;

    public void Dispose() => _block.Dispose();

    /// <summary>Makes room for <paramref name="length"/> floats. What was there is lost if the block has to grow.</summary>
    internal void Reserve(long length)
    {
        if (_block.Length >= length) return;
        _block.Dispose();
        _block = new AlignedBuffer(length);
    }

    internal Span<float> Slice(long start, int length) => _block.Slice(start, length);
}
