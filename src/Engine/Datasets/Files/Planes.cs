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
}
