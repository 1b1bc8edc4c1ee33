using System.Runtime.InteropServices;

namespace LoptCluster.Engine.Numerics.Memory;

/// <summary>
/// Zeroed block of floats outside the managed heap, aligned to a cache line (large blocks to a page), so that kernels may hold pointers
/// into it.
/// </summary>
/// <remarks>Owned by one slot. <see cref="Pointer"/> and <see cref="Span"/> are invalid after <see cref="Dispose"/>.</remarks>
public sealed unsafe class AlignedBuffer : IDisposable
{
    private const int Alignment = 64;
    private float* _pointer;

    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        // One extra vector: a kernel may load (but never use) up to 15 floats past the end.
        nuint bytes = checked((nuint)((length + 16) * sizeof(float)));
        bool huge = HugePages.Wanted(bytes);
        _pointer = (float*)NativeMemory.AlignedAlloc(bytes, (nuint)(huge ? HugePages.PageBytes : Alignment));
        if (huge) HugePages.Ask(_pointer, bytes);
        NativeMemory.Clear(_pointer, bytes);
    }

    ~AlignedBuffer() => Free();

    /// <summary>Number of floats requested.</summary>
    public long Length { get; }

    public float* Pointer => _pointer;

    public Span<float> Span => new(_pointer, checked((int)Length));

    /// <summary>Floats [start, start + length), for buffers longer than a span can be.</summary>
    public Span<float> Slice(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        return new(_pointer + start, length);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
