namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>3×3 convolutions over NHWC maps, forward and backward: channels are vectors, blocks of pixels stay in registers.</summary>
/// <remarks>
/// Each result is one chain of fused multiply-adds in a fixed order, whatever block it falls into: the same bits on every machine. NaN and ∞
/// go their usual way. The scalar twins are in <see cref="ConvolutionScalar"/>.
/// </remarks>
internal static unsafe class ConvolutionKernels
{
    /// <summary>Columns of a full block of packed weights.</summary>
    public const int BlockColumns = 32;

    /// <summary>Columns of the block that begins at <paramref name="first"/>: 32, or 16 at the end.</summary>
    public static int BlockWidth(int columns, int first) => Math.Min(columns - first, BlockColumns);

    /// <summary>y = f(bias + Σ x w (+ Σ x₂ w₂)) for all destination pixels of the pass.</summary>
    public static void Gather(ConvolutionPass pass, in ConvolutionOperands operands)
    {
        for (int column = 0; column < pass.Columns; column += BlockColumns)
        {
            bool wide = BlockWidth(pass.Columns, column) == BlockColumns;
            for (int pixel = 0; pixel < pass.Pixels; pixel += ConvolutionPass.BlockPixels)
            {
                bool whole = pass.Pixels - pixel > ConvolutionPass.BlockPixels / 2;
                if (wide && whole) ConvolutionBlock<Wide8>.Gather(pass, operands, pixel, column);
                else if (wide) ConvolutionBlock<Wide4>.Gather(pass, operands, pixel, column);
                else if (whole) ConvolutionBlock<Narrow8>.Gather(pass, operands, pixel, column);
                else ConvolutionBlock<Narrow4>.Gather(pass, operands, pixel, column);
            }
        }
    }

    /// <summary>gradient (packed as forward weights) += Σ over output pixels of patch(x) ⊗ g (+ patch(x₂) ⊗ g₂).</summary>
    public static void AddWeightGradient(ConvolutionGeometry geometry, ConvolutionPass forward, in PatchOperands operands, float* gradient)
    {
        for (int column = 0; column < forward.Columns; column += BlockColumns)
        {
            int width = BlockWidth(forward.Columns, column);
            for (int s = 0; s < forward.SegmentCount; s++)
            {
                for (int done = 0; done < forward.RunLength;)
                {
                    int rows = PatchRows(forward.RunLength - done);
                    Scatter(geometry, operands, forward.Segments[s] + done, column, gradient, rows, width == BlockColumns);
                    gradient += rows * width;
                    done += rows;
                }
            }
        }
    }

    private static int PatchRows(int left) => left switch { >= 12 => 12, >= 9 => 9, >= 8 => 8, >= 6 => 6, >= 4 => 4, _ => left };

    private static void Scatter(ConvolutionGeometry g, in PatchOperands operands, nint offset, int column, float* gradient, int rows, bool wide)
    {
        switch (rows, wide)
        {
            case (12, true): ConvolutionBlock<Wide12>.Scatter(g, operands, offset, column, gradient); break;
            case (9, true): ConvolutionBlock<Wide9>.Scatter(g, operands, offset, column, gradient); break;
            case (8, true): ConvolutionBlock<Wide8>.Scatter(g, operands, offset, column, gradient); break;
            case (6, true): ConvolutionBlock<Wide6>.Scatter(g, operands, offset, column, gradient); break;
            case (4, true): ConvolutionBlock<Wide4>.Scatter(g, operands, offset, column, gradient); break;
            case (3, true): ConvolutionBlock<Wide3>.Scatter(g, operands, offset, column, gradient); break;
            case (2, true): ConvolutionBlock<Wide2>.Scatter(g, operands, offset, column, gradient); break;
            case (1, true): ConvolutionBlock<Wide1>.Scatter(g, operands, offset, column, gradient); break;
            case (12, false): ConvolutionBlock<Narrow12>.Scatter(g, operands, offset, column, gradient); break;
            case (9, false): ConvolutionBlock<Narrow9>.Scatter(g, operands, offset, column, gradient); break;
            case (8, false): ConvolutionBlock<Narrow8>.Scatter(g, operands, offset, column, gradient); break;
            case (6, false): ConvolutionBlock<Narrow6>.Scatter(g, operands, offset, column, gradient); break;
            case (4, false): ConvolutionBlock<Narrow4>.Scatter(g, operands, offset, column, gradient); break;
            case (3, false): ConvolutionBlock<Narrow3>.Scatter(g, operands, offset, column, gradient); break;
            case (2, false): ConvolutionBlock<Narrow2>.Scatter(g, operands, offset, column, gradient); break;
            default: ConvolutionBlock<Narrow1>.Scatter(g, operands, offset, column, gradient); break;
        }
    }
}
