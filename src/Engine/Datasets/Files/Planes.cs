namespace LoptCluster.Engine.Datasets.Files;

internal static class Planes
{
    /// <summary>Converts [channel, y, x] to [y, x, channel].</summary>
    public static void Interleave(ReadOnlySpan<byte> planes, ImageShape shape, Span<byte> pixels)
    {
        int channels = shape.Channels, planeLength = shape.Size * shape.Size;
        for (int channel = 0; channel < channels; channel++)
        {
            var plane = planes.Slice(channel * planeLength, planeLength);
            for (int i = 0, at = channel; i < plane.Length; i++, at += channels) pixels[at] = plane[i];
        }
    }

    /// <summary>Exchanges rows and columns of an image of one channel, in place.</summary>
    public static void Transpose(Span<byte> pixels, int size)
    {
        for (int y = 1; y < size; y++)
        {
            for (int x = 0; x < y; x++)
                (pixels[(y * size) + x], pixels[(x * size) + y]) = (pixels[(x * size) + y], pixels[(y * size) + x]);
        }
    }
}
