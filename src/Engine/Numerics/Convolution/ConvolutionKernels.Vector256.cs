using System.Runtime.CompilerServices;

namespace LoptCluster.Engine.Numerics.Convolution;

internal static unsafe partial class ConvolutionKernels
{
    private const int Vector256Columns = 16;

    /// <summary>
    /// Variant of <see cref="Gather"/> for machines with 256-bit vectors: the same bits, in blocks that fit sixteen registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherVector256(ConvolutionPass pass, in ConvolutionOperands operands)
    {
        int columns = pass.Columns, pixels = pass.Pixels;
        for (int column = 0; column < columns; column += Vector256Columns)
        {
            for (int pixel = 0; pixel < pixels; pixel += 6)
            {
                if (pixels - pixel <= 4) ConvolutionBlock<Rows4Channels16>.GatherVector256(pass, operands, pixel, column);
                else ConvolutionBlock<Rows6Channels16>.GatherVector256(pass, operands, pixel, column);
                operands.Meanwhile?.Fetch();
            }
        }
    }

    /// <summary>Variant of <see cref="AddWeightGradient"/> for machines with 256-bit vectors: the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddWeightGradientVector256(ConvolutionPass forward, in PatchOperands operands, float* gradient)
    {
        int runLength = forward.RunLength;
        for (int column = 0; column < forward.Columns; column += Vector256Columns)
        {
            for (int s = 0; s < forward.SegmentCount; s++)
            {
                for (int done = 0; done < runLength;)
                {
                    nint offset = forward.Segments[s] + done;
                    int rows = Math.Min(runLength - done, 6);
                    switch (rows)
                    {
                        case 6: ConvolutionBlock<Rows6Channels16>.ScatterVector256(forward, operands, offset, column, gradient); break;
                        case 5: ConvolutionBlock<Rows5Channels16>.ScatterVector256(forward, operands, offset, column, gradient); break;
                        case 4: ConvolutionBlock<Rows4Channels16>.ScatterVector256(forward, operands, offset, column, gradient); break;
                        case 3: ConvolutionBlock<Rows3Channels16>.ScatterVector256(forward, operands, offset, column, gradient); break;
                        case 2: ConvolutionBlock<Rows2Channels16>.ScatterVector256(forward, operands, offset, column, gradient); break;
                        default: ConvolutionBlock<Rows1Channels16>.ScatterVector256(forward, operands, offset, column, gradient); break;
                    }

                    operands.Meanwhile?.Fetch();
                    gradient += rows * Vector256Columns;
                    done += rows;
                }
            }
        }
    }
}
