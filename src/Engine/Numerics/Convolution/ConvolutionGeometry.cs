using LoptCluster.Engine.Numerics.Dense;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>Geometry of one 3×3 convolution over square images with TensorFlow's SAME padding.</summary>
/// <remarks>
/// Along each axis of length n with stride s, total = max((⌈n/s⌉ − 1)s + 3 − n, 0) zeros, the smaller half first: 1 and 1 at stride 1 and
/// at stride 2 on odd n, 0 before and 1 after at stride 2 on even n. A map in memory is [size + 2, size + 2, stride of a pixel]: a ring of
/// one zero pixel serves every case, forward and backward.
/// </remarks>
internal sealed record ConvolutionGeometry
{
    public const int Kernel = 3;

    public ConvolutionGeometry(int inputSize, int inputChannels, int inputPixelStride, int outputChannels, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputPixelStride, inputChannels);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputChannels, 1);
        if (stride is not (1 or 2)) throw new ArgumentOutOfRangeException(nameof(stride), stride, "The stride is not 1 or 2.");
        InputSize = inputSize;
        InputChannels = inputChannels;
        InputPixelStride = inputPixelStride;
        OutputChannels = outputChannels;
        OutputPixelStride = RowPacking.Stride(outputChannels);
        Stride = stride;
        OutputSize = (inputSize + stride - 1) / stride;
        Before = Math.Max(((OutputSize - 1) * stride) + Kernel - inputSize, 0) / 2;
    }

    public int InputSize { get; }

    public int InputChannels { get; }

    /// <summary>Floats from one input pixel to the next: the channels of an image, or whole vectors of a layer.</summary>
    public int InputPixelStride { get; }

    public int OutputSize { get; }

    public int OutputChannels { get; }

    /// <summary>Number of output channels, rounded up to whole vectors.</summary>
    public int OutputPixelStride { get; }

    public int Stride { get; }

    /// <summary>Number of zeros before the first row and column.</summary>
    public int Before { get; }

    /// <summary>Number of products in one output element: 9 × input channels.</summary>
    public int PatchLength => Kernel * Kernel * InputChannels;

    public int InputRowStride => (InputSize + 2) * InputPixelStride;

    public int OutputRowStride => (OutputSize + 2) * OutputPixelStride;

    /// <summary>Floats in an input map with its ring.</summary>
    public int InputMapLength => (InputSize + 2) * InputRowStride;

    /// <summary>Floats in an output map with its ring.</summary>
    public int OutputMapLength => (OutputSize + 2) * OutputRowStride;

    /// <summary>Floats in an output map without its ring.</summary>
    public int DenseOutputLength => OutputSize * OutputSize * OutputPixelStride;

    /// <summary>
    /// Floating-point operations (multiply-adds × 2) of the convolution of one image; each of the two backward passes needs as many.
    /// </summary>
    public double Flops => 2.0 * OutputSize * OutputSize * PatchLength * OutputChannels;

    /// <summary>Offset of input pixel (row, column), each −1 to InputSize.</summary>
    public int InputOffset(int row, int column) => ((row + 1) * InputRowStride) + ((column + 1) * InputPixelStride);

    /// <summary>Offset of output pixel (row, column), each −1 to OutputSize.</summary>
    public int OutputOffset(int row, int column) => ((row + 1) * OutputRowStride) + ((column + 1) * OutputPixelStride);
}
