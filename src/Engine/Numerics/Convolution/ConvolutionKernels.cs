using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>
/// Kernels of 3×3 convolutions over NHWC maps, forward and backward: vectors run over channels, blocks of pixels stay in registers.
/// </summary>
/// <remarks>
/// Each result is one chain of fused multiply-adds in a fixed order, independent of its block: the same bits on every machine. NaN and ∞
/// propagate. The scalar twins are in <see cref="ConvolutionScalar"/>.
/// </remarks>
internal static unsafe partial class ConvolutionKernels
{
    /// <summary>Number of columns in a full block of packed weights.</summary>
    /// <remarks>8 pixels × 32 channels fill the 32 registers of AVX-512, 6 × 16 the sixteen of narrower machines.</remarks>
    public static readonly int BlockColumns = Vector512.IsHardwareAccelerated ? 32 : 16;

    /// <summary>Number of columns in the block that starts at <paramref name="first"/>: a full block, or 16 at the end.</summary>
    public static int BlockWidth(int columns, int first) => Math.Min(columns - first, BlockColumns);

    /// <summary>Approximate number of register blocks that <see cref="Gather"/> processes.</summary>
    public static int BlockCount(ConvolutionPass pass) =>
        DivideUp(pass.Pixels, ConvolutionPass.BlockPixels) * DivideUp(pass.Columns, BlockColumns);

    /// <summary>Approximate number of register blocks that <see cref="AddWeightGradient"/> processes.</summary>
    public static int WeightGradientBlockCount(ConvolutionPass forward) =>
        forward.SegmentCount * DivideUp(forward.RunLength, 12) * DivideUp(forward.Columns, BlockColumns);

    /// <summary>Computes y = f(bias + Σ x w (+ Σ x₂ w₂)) for all destination pixels of the pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(ConvolutionPass pass, in ConvolutionOperands operands)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            GatherVector256(pass, operands);
            return;
        }

        int columns = pass.Columns, pixels = pass.Pixels;
        for (int column = 0; column < columns; column += BlockColumns)
        {
            bool wide = columns - column >= BlockColumns;
            for (int pixel = 0; pixel < pixels; pixel += ConvolutionPass.BlockPixels)
            {
                bool few = pixels - pixel <= 4;
                if (wide && few) ConvolutionBlock<Rows4Channels32>.Gather(pass, operands, pixel, column);
                else if (wide) ConvolutionBlock<Rows8Channels32>.Gather(pass, operands, pixel, column);
                else if (few) ConvolutionBlock<Rows4Channels16>.Gather(pass, operands, pixel, column);
                else ConvolutionBlock<Rows8Channels16>.Gather(pass, operands, pixel, column);
                operands.Meanwhile?.Fetch();
            }
        }
    }

    /// <summary>Computes gradient (packed like forward weights) += Σ over output pixels of patch(x) ⊗ g (+ patch(x₂) ⊗ g₂).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddWeightGradient(ConvolutionPass forward, in PatchOperands operands, float* gradient)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            AddWeightGradientVector256(forward, operands, gradient);
            return;
        }

        int runLength = forward.RunLength;
        for (int column = 0; column < forward.Columns; column += BlockColumns)
        {
            int width = BlockWidth(forward.Columns, column);
            for (int s = 0; s < forward.SegmentCount; s++)
            {
                for (int done = 0; done < runLength;)
                {
                    int rows = PatchRows(runLength - done);
                    Scatter(forward, operands, forward.Segments[s] + done, column, gradient, rows, width == 32);
                    operands.Meanwhile?.Fetch();
                    gradient += rows * width;
                    done += rows;
                }
            }
        }
    }

    private static int DivideUp(int a, int b) => (a + b - 1) / b;

    private static int PatchRows(int left) =>
        left switch { >= 12 => 12, >= 9 => 9, >= 8 => 8, >= 6 => 6, >= 4 => 4, var few => few };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(
        ConvolutionPass forward, in PatchOperands operands, nint offset, int column, float* gradient, int rows, bool wide)
    {
        switch (rows, wide)
        {
            case (12, true): ConvolutionBlock<Rows12Channels32>.Scatter(forward, operands, offset, column, gradient); break;
            case (9, true): ConvolutionBlock<Rows9Channels32>.Scatter(forward, operands, offset, column, gradient); break;
            case (8, true): ConvolutionBlock<Rows8Channels32>.Scatter(forward, operands, offset, column, gradient); break;
            case (6, true): ConvolutionBlock<Rows6Channels32>.Scatter(forward, operands, offset, column, gradient); break;
            case (4, true): ConvolutionBlock<Rows4Channels32>.Scatter(forward, operands, offset, column, gradient); break;
            case (3, true): ConvolutionBlock<Rows3Channels32>.Scatter(forward, operands, offset, column, gradient); break;
            case (2, true): ConvolutionBlock<Rows2Channels32>.Scatter(forward, operands, offset, column, gradient); break;
            case (1, true): ConvolutionBlock<Rows1Channels32>.Scatter(forward, operands, offset, column, gradient); break;
            case (12, false): ConvolutionBlock<Rows12Channels16>.Scatter(forward, operands, offset, column, gradient); break;
            case (9, false): ConvolutionBlock<Rows9Channels16>.Scatter(forward, operands, offset, column, gradient); break;
            case (8, false): ConvolutionBlock<Rows8Channels16>.Scatter(forward, operands, offset, column, gradient); break;
            case (6, false): ConvolutionBlock<Rows6Channels16>.Scatter(forward, operands, offset, column, gradient); break;
            case (4, false): ConvolutionBlock<Rows4Channels16>.Scatter(forward, operands, offset, column, gradient); break;
            case (3, false): ConvolutionBlock<Rows3Channels16>.Scatter(forward, operands, offset, column, gradient); break;
            case (2, false): ConvolutionBlock<Rows2Channels16>.Scatter(forward, operands, offset, column, gradient); break;
            default: ConvolutionBlock<Rows1Channels16>.Scatter(forward, operands, offset, column, gradient); break;
        }
    }
}
