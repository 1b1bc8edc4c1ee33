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
            GatherNarrow(pass, operands);
            return;
        }

        int columns = pass.Columns, pixels = pass.Pixels;
        for (int column = 0; column < columns; column += BlockColumns)
        {
            bool wide = columns - column >= BlockColumns;
            for (int pixel = 0; pixel < pixels; pixel += ConvolutionPass.BlockPixels)
            {
                bool few = pixels - pixel <= 4;
                if (wide && few) ConvolutionBlock<Wide4>.Gather(pass, operands, pixel, column);
                else if (wide) ConvolutionBlock<Wide8>.Gather(pass, operands, pixel, column);
                else if (few) ConvolutionBlock<Narrow4>.Gather(pass, operands, pixel, column);
                else ConvolutionBlock<Narrow8>.Gather(pass, operands, pixel, column);
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
            AddWeightGradientNarrow(forward, operands, gradient);
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
            case (12, true): ConvolutionBlock<Wide12>.Scatter(forward, operands, offset, column, gradient); break;
            case (9, true): ConvolutionBlock<Wide9>.Scatter(forward, operands, offset, column, gradient); break;
            case (8, true): ConvolutionBlock<Wide8>.Scatter(forward, operands, offset, column, gradient); break;
            case (6, true): ConvolutionBlock<Wide6>.Scatter(forward, operands, offset, column, gradient); break;
            case (4, true): ConvolutionBlock<Wide4>.Scatter(forward, operands, offset, column, gradient); break;
            case (3, true): ConvolutionBlock<Wide3>.Scatter(forward, operands, offset, column, gradient); break;
            case (2, true): ConvolutionBlock<Wide2>.Scatter(forward, operands, offset, column, gradient); break;
            case (1, true): ConvolutionBlock<Wide1>.Scatter(forward, operands, offset, column, gradient); break;
            case (12, false): ConvolutionBlock<Narrow12>.Scatter(forward, operands, offset, column, gradient); break;
            case (9, false): ConvolutionBlock<Narrow9>.Scatter(forward, operands, offset, column, gradient); break;
            case (8, false): ConvolutionBlock<Narrow8>.Scatter(forward, operands, offset, column, gradient); break;
            case (6, false): ConvolutionBlock<Narrow6>.Scatter(forward, operands, offset, column, gradient); break;
            case (4, false): ConvolutionBlock<Narrow4>.Scatter(forward, operands, offset, column, gradient); break;
            case (3, false): ConvolutionBlock<Narrow3>.Scatter(forward, operands, offset, column, gradient); break;
            case (2, false): ConvolutionBlock<Narrow2>.Scatter(forward, operands, offset, column, gradient); break;
            default: ConvolutionBlock<Narrow1>.Scatter(forward, operands, offset, column, gradient); break;
        }
    }
}
