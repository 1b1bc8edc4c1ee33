using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Numerics.Convolution.Winograd;

/// <summary>Transformed map of an image (<see cref="TileTransforms"/>): [numbers per tile, tiles, stride of a pixel].</summary>
internal sealed unsafe class TiledMap(int numbers, int tiles, int stride) : IDisposable
{
    // One extra line, so that the numbers of an element do not all share one set of the cache.
    private const int Gap = 16;

    private readonly AlignedBuffer _buffer = new(numbers * (((long)tiles * stride) + Gap));

    /// <summary>Pointer to the first number of the first tile.</summary>
    public float* First => _buffer.Pointer;

    /// <summary>Floats from one number's tiles to the next number's.</summary>
    public nint Step { get; } = ((nint)tiles * stride) + Gap;

    /// <summary>Pointer to a number of the first tile.</summary>
    public float* this[int number] => First + (number * Step);

    public void Dispose() => _buffer.Dispose();
}
