using System.Runtime.InteropServices;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>
/// Index tables of a pass: every destination pixel is a sum over the same patch, which consists of a few runs of consecutive floats.
/// </summary>
/// <remarks>
/// The pass computes destination[Destinations[i] + c] = Σ_s Σ_r source[Sources[i] + Segments[s] + r] · weights[s · RunLength + r, c]. A
/// forward convolution is one pass; backward-data at stride 1 is one, with mirrored and transposed weights; at stride 2 it is four, one for
/// each parity of row and column. The tables hold whole blocks of <see cref="BlockPixels"/>: the last pixel is repeated as often as needed.
/// </remarks>
internal sealed unsafe class ConvolutionPass : IDisposable
{
    /// <summary>Maximum number of pixels that a kernel processes at once.</summary>
    public const int BlockPixels = 8;

    private readonly int* _tables;

    /// <param name="pixels">Offsets of each destination pixel, and of the source pixel that the segments are relative to.</param>
    /// <param name="segments">Offsets of the runs of consecutive floats.</param>
    /// <param name="columns">Number of destination channels, a multiple of 16.</param>
    public ConvolutionPass(ReadOnlySpan<(int Source, int Destination)> pixels, ReadOnlySpan<int> segments, int runLength, int columns)
    {
        Pixels = pixels.Length;
        SegmentCount = segments.Length;
        RunLength = runLength;
        Columns = columns;
        int padded = pixels.Length + BlockPixels;
        _tables = (int*)NativeMemory.Alloc((nuint)((2 * padded) + segments.Length + (segments.Length * runLength)), sizeof(int));
        Sources = _tables;
        Destinations = Sources + padded;
        Segments = Destinations + padded;
        Offsets = Segments + segments.Length;
        for (int i = 0; i < padded && pixels.Length > 0; i++)
            (Sources[i], Destinations[i]) = pixels[Math.Min(i, pixels.Length - 1)];
        segments.CopyTo(new Span<int>(Segments, segments.Length));
        for (int k = 0; k < Depth; k++) Offsets[k] = segments[k / runLength] + (k % runLength);
    }

    ~ConvolutionPass() => NativeMemory.Free(_tables);

    public int Pixels { get; }

    public int* Sources { get; }

    public int* Destinations { get; }

    public int* Segments { get; }

    /// <summary>
    /// Offset of each patch element from the source pixel, [<see cref="Depth"/>]; one loop over them is faster than nested loops.
    /// </summary>
    public int* Offsets { get; }

    public int SegmentCount { get; }

    public int RunLength { get; }

    public int Columns { get; }

    /// <summary>Number of products in one destination element.</summary>
    public int Depth => SegmentCount * RunLength;

    /// <summary>Floats in the pass's packed weights.</summary>
    public int WeightsLength => Depth * Columns;

    public void Dispose()
    {
        NativeMemory.Free(_tables);
        GC.SuppressFinalize(this);
    }
}
