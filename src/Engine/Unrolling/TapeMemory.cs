using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Unrolling;

/// <summary>
/// The memory that the unrollers of one slot take turns on: a block for their tapes, so that a slot's budget holds for all layouts
/// together, and one for the vectors of the sweep in progress, so that turning to another layout allocates nothing.
/// </summary>
/// <remarks>Owned by one slot; not thread-safe. Grows to the largest plan and layout seen and is reused, not cleared.</remarks>
public sealed class TapeMemory : IDisposable
{
    private AlignedBuffer _block = new(0);
    private AlignedBuffer _vectors = new(0);

    /// <summary>Floats of the block.</summary>
    public long Length => _block.Length;

    public void Dispose()
    {
        _block.Dispose();
        _vectors.Dispose();
    }

    /// <summary>Makes room for <paramref name="length"/> floats. What was there is lost if the block has to grow.</summary>
    internal void Reserve(long length)
    {
        if (_block.Length >= length) return;
        _block.Dispose();
        _block = new AlignedBuffer(length);
    }

    /// <summary>Makes room for vectors of so many floats together.</summary>
    internal void ReserveVectors(long length)
    {
        if (_vectors.Length >= length) return;
        _vectors.Dispose();
        _vectors = new AlignedBuffer(length);
    }

    internal Span<float> Vector(long start, int length) => _vectors.Slice(start, length);

    internal Span<float> Slice(long start, int length) => _block.Slice(start, length);
}
