using System.Runtime.CompilerServices;

namespace LoptCluster.Engine.Numerics.Convolution;

internal static unsafe partial class ConvolutionKernels
{
    private const int NarrowColumns = 16;

    /// <summary>
    /// Variant of <see cref="Gather"/> for machines with 256-bit vectors: the same bits, in blocks that fit sixteen registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherNarrow(ConvolutionPass pass, in ConvolutionOperands operands)
    {
        int columns = pass.Columns, pixels = pass.Pixels;
        for (int column = 0; column < columns; column += NarrowColumns)
        {
            for (int pixel = 0; pixel < pixels; pixel += 6)
            {
                if (pixels - pixel <= 4) ConvolutionBlock<Narrow4>.GatherNarrow(pass, operands, pixel, column);
                else ConvolutionBlock<Narrow6>.GatherNarrow(pass, operands, pixel, column);
                operands.Meanwhile?.Fetch();
            }
        }
    }

    /// <summary>Variant of <see cref="AddWeightGradient"/> for machines with 256-bit vectors: the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddWeightGradientNarrow(ConvolutionPass forward, in PatchOperands operands, float* gradient)
    {
        int runLength = forward.RunLength;
        for (int column = 0; column < forward.Columns; column += NarrowColumns)
        {
            for (int s = 0; s < forward.SegmentCount; s++)
            {
                for (int done = 0; done < runLength;)
                {
                    nint offset = forward.Segments[s] + done;
                    int rows = Math.Min(runLength - done, 6);
                    switch (rows)
                    {
                        case 6: ConvolutionBlock<Narrow6>.ScatterNarrow(forward, operands, offset, column, gradient); break;
                        case 5: ConvolutionBlock<Narrow5>.ScatterNarrow(forward, operands, offset, column, gradient); break;
                        case 4: ConvolutionBlock<Narrow4>.ScatterNarrow(forward, operands, offset, column, gradient); break;
                        case 3: ConvolutionBlock<Narrow3>.ScatterNarrow(forward, operands, offset, column, gradient); break;
                        case 2: ConvolutionBlock<Narrow2>.ScatterNarrow(forward, operands, offset, column, gradient); break;
                        default: ConvolutionBlock<Narrow1>.ScatterNarrow(forward, operands, offset, column, gradient); break;
                    }

                    operands.Meanwhile?.Fetch();
                    gradient += rows * NarrowColumns;
                    done += rows;
                }
            }
        }
    }
}
