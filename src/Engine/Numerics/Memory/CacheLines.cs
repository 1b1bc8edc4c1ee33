using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LoptCluster.Engine.Numerics.Memory;

/// <summary>Memory that is needed next, fetched into the second-level cache a few lines at a time while a kernel computes.</summary>
/// <remarks>
/// Fetched all at once, the lines would stall the core, which has room for a few tens of outstanding lines. This is only a hint: results do
/// not depend on it, and without SSE nothing happens. Owned by one slot.
/// </remarks>
internal sealed unsafe class CacheLines
{
    private const int MostRanges = 8;
    private const int MostLinesAtOnce = 192;
    private const int LineBytes = 64;
    private readonly (nint Begin, nint End)[] _ranges = new (nint, nint)[MostRanges];
    private int _count;
    private int _calls;
    private nint _bytes;
    private nint _step;
    private nint _next;
    private nint _end;

    /// <summary>Discards the lines that are not fetched yet.</summary>
    /// <param name="calls">Number of calls of <see cref="Fetch"/> that follow: all lines are requested after about half of them.</param>
    public void Begin(int calls)
    {
        _calls = calls;
        _count = 0;
        _bytes = _next = _end = 0;
    }

    /// <summary>Adds memory to fetch; the last added comes first.</summary>
    public void Add(float* data, int length)
    {
        _ranges[_count++] = ((nint)data, (nint)(data + length));
        _bytes += length * sizeof(float);
        _step = Math.Clamp((2 * _bytes / (_calls * LineBytes)) + 1, 1, MostLinesAtOnce) * LineBytes;
    }

    /// <summary>Starts to fetch the next lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Fetch()
    {
        if (_next >= _end)
        {
            if (_count == 0 || !Sse.IsSupported) return;
            (_next, _end) = _ranges[--_count];
        }

        nint next = _next, end = Math.Min(_end, next + _step);
        for (; next < end; next += LineBytes) Sse.Prefetch1((void*)next);
        _next = next;
    }
}
