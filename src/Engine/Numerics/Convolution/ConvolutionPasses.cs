using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Dense;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>Passes of one convolution, and its weights packed in the order that each pass reads.</summary>
/// <remarks>
/// Weights are [3, 3, in, out] as the parameter vector has them; packed weights are blocks of 32 or 16 columns, each [depth, block].
/// </remarks>
internal sealed unsafe class ConvolutionPasses : IDisposable
{
    private const int Kernel = ConvolutionGeometry.Kernel;
    private readonly ConvolutionGeometry _geometry;
    private readonly (ConvolutionPass Pass, int[] Taps)[] _backward;

    public ConvolutionPasses(ConvolutionGeometry geometry)
    {
        _geometry = geometry;
        Forward = CreateForward(geometry);
        _backward = [.. CreateBackward(geometry)];
        BackwardWeightsLength = _backward.Sum(b => b.Pass.WeightsLength);
    }

    public ConvolutionPass Forward { get; }

    /// <summary>Floats in the packed weights of all backward passes, one after the other.</summary>
    public int BackwardWeightsLength { get; }

    public int BackwardCount => _backward.Length;

    public ConvolutionPass Backward(int index) => _backward[index].Pass;

    /// <summary>Packs the weights of the forward pass into <see cref="ConvolutionPass.WeightsLength"/> floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PackForward(float* weights, float* packed)
    {
        int columns = _geometry.OutputChannels, depth = Forward.Depth;
        for (int first = 0; first < Forward.Columns; first += ConvolutionKernels.BlockColumns)
        {
            int width = ConvolutionKernels.BlockWidth(Forward.Columns, first);
            int used = Math.Min(columns - first, width);
            for (int k = 0; k < depth; k++, packed += width)
            {
                new ReadOnlySpan<float>(weights + ((nint)k * columns) + first, used).CopyTo(new Span<float>(packed, used));
                if (used < width) new Span<float>(packed + used, width - used).Clear();
            }
        }
    }

    /// <summary>Adds the gradient of packed forward weights to that of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddUnpacked(float* packed, float* weights)
    {
        int columns = _geometry.OutputChannels, depth = Forward.Depth;
        for (int first = 0; first < Forward.Columns; first += ConvolutionKernels.BlockColumns)
        {
            int width = ConvolutionKernels.BlockWidth(Forward.Columns, first);
            int used = Math.Min(columns - first, width);
            for (int k = 0; k < depth; k++, packed += width)
            {
                float* row = weights + ((nint)k * columns) + first;
                int c = 0;
                for (; c <= used - 16; c += 16) (Vector512.Load(row + c) + Vector512.Load(packed + c)).Store(row + c);
                for (; c < used; c++) row[c] += packed[c];
            }
        }
    }

    /// <summary>Packs the transposed weights of the backward passes into <see cref="BackwardWeightsLength"/> floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PackBackward(float* weights, float* packed)
    {
        int inputs = _geometry.InputChannels, outputs = _geometry.OutputChannels;
        foreach (var (pass, taps) in _backward)
        {
            for (int first = 0; first < pass.Columns; first += ConvolutionKernels.BlockColumns)
            {
                int width = ConvolutionKernels.BlockWidth(pass.Columns, first);
                int used = Math.Min(inputs - first, width);
                foreach (int tap in taps)
                {
                    if (used < width) new Span<float>(packed, outputs * width).Clear();
                    Transposition.Transpose(weights + ((((nint)tap * inputs) + first) * outputs), outputs, used, outputs, packed, width);
                    packed += outputs * width;
                }
            }
        }
    }

    public void Dispose()
    {
        Forward.Dispose();
        foreach (var (pass, _) in _backward) pass.Dispose();
    }

    private static ConvolutionPass CreateForward(ConvolutionGeometry g)
    {
        var pixels = new List<(int, int)>();
        for (int row = 0; row < g.OutputSize; row++)
        {
            for (int column = 0; column < g.OutputSize; column++)
                pixels.Add((g.InputOffset((row * g.Stride) - g.Before, (column * g.Stride) - g.Before), g.OutputOffset(row, column)));
        }

        return Create(pixels, Kernel, Kernel, g.InputRowStride, g.InputPixelStride, g.InputChannels, g.OutputPixelStride);
    }

    /// <summary>
    /// Passes of the input's gradient. Input pixel i contributes to output o through tap k = i + before − stride · o. The valid taps are
    /// the same for all i of one residue modulo the stride; in descending order, their outputs are adjacent.
    /// </summary>
    private static IEnumerable<(ConvolutionPass, int[])> CreateBackward(ConvolutionGeometry g)
    {
        for (int rowResidue = 0; rowResidue < g.Stride; rowResidue++)
        {
            for (int columnResidue = 0; columnResidue < g.Stride; columnResidue++)
            {
                int[] rowTaps = Taps(rowResidue, g.Stride), columnTaps = Taps(columnResidue, g.Stride);
                var pixels = new List<(int, int)>();
                foreach (int row in Positions(rowResidue, g))
                {
                    foreach (int column in Positions(columnResidue, g))
                    {
                        int source = g.OutputOffset(First(row, rowTaps[0], g), First(column, columnTaps[0], g));
                        pixels.Add((source, g.InputOffset(row, column)));
                    }
                }

                if (pixels.Count == 0) continue;
                var pass = Create(
                    pixels,
                    rowTaps.Length,
                    columnTaps.Length,
                    g.OutputRowStride,
                    g.OutputPixelStride,
                    g.OutputChannels,
                    RowPacking.Stride(g.InputChannels));
                yield return (pass, [.. rowTaps.SelectMany(r => columnTaps.Select(c => (r * Kernel) + c))]);
            }
        }
    }

    private static int[] Taps(int residue, int stride) => [.. Enumerable.Range(0, Kernel).Reverse().Where(k => k % stride == residue)];

    private static IEnumerable<int> Positions(int residue, ConvolutionGeometry g) =>
        Enumerable.Range(0, g.InputSize).Where(i => (i + g.Before) % g.Stride == residue);

    private static int First(int position, int tap, ConvolutionGeometry g) => (position + g.Before - tap) / g.Stride;

    /// <summary>
    /// Creates a pass with a patch of rows × columns source pixels; if the pixels' channels are adjacent, one row of the patch is one run.
    /// </summary>
    private static ConvolutionPass Create(
        List<(int, int)> pixels, int rows, int columns, int rowStride, int pixelStride, int channels, int destinationColumns)
    {
        bool touching = channels == pixelStride;
        int[] segments = touching
            ? [.. Enumerable.Range(0, rows).Select(r => r * rowStride)]
            : [.. Enumerable.Range(0, rows * columns).Select(t => (t / columns * rowStride) + (t % columns * pixelStride))];
        return new ConvolutionPass(pixels.ToArray(), segments, touching ? columns * channels : channels, destinationColumns);
    }
}
