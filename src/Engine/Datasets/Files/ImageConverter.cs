using System.Buffers;
using System.Collections.Concurrent;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Conversion of images to the size and channels that a run specifies.</summary>
/// <remarks>
/// Reduces by area averaging and enlarges bilinearly; converts colour to grey by luma (ITU-R BT.601) and grey to colour by repetition.
/// Single precision in a fixed order: the same bytes on every machine. Thread-safe.
/// </remarks>
internal sealed class ImageConverter(ImageShape target)
{
    private readonly ConcurrentDictionary<int, ResizeTaps> _taps = new();

    public ImageShape Target { get; } = target;

    /// <param name="pixels">Image as [y, x, channel], of shape <paramref name="shape"/>.</param>
    /// <param name="destination">Converted image as [y, x, channel], of the target shape.</param>
    public void Convert(ReadOnlySpan<byte> pixels, ImageShape shape, Span<byte> destination)
    {
        if (shape == Target)
        {
            pixels[..shape.Length].CopyTo(destination);
            return;
        }

        if (shape.Channels == Target.Channels)
        {
            Resize(pixels, shape, destination);
            return;
        }

        bool toGrey = Target.Channels == 1;
        var between = new ImageShape(toGrey ? shape.Size : Target.Size, 1);
        byte[] grey = ArrayPool<byte>.Shared.Rent(between.Length);
        if (toGrey)
        {
            ToGrey(pixels, grey.AsSpan(0, between.Length));
            Resize(grey, between, destination);
        }
        else
        {
            Resize(pixels, shape, grey);
            for (int i = 0; i < between.Length; i++) destination.Slice(3 * i, 3).Fill(grey[i]);
        }

        ArrayPool<byte>.Shared.Return(grey);
    }

    private static void ToGrey(ReadOnlySpan<byte> pixels, Span<byte> grey)
    {
        for (int i = 0; i < grey.Length; i++)
            grey[i] = (byte)(((299 * pixels[3 * i]) + (587 * pixels[(3 * i) + 1]) + (114 * pixels[(3 * i) + 2]) + 500) / 1000);
    }

    /// <summary>Resizes rows first, then columns; the number of channels does not change.</summary>
    private void Resize(ReadOnlySpan<byte> pixels, ImageShape shape, Span<byte> destination)
    {
        int from = shape.Size, to = Target.Size, channels = shape.Channels, row = to * channels;
        if (from == to)
        {
            pixels[..shape.Length].CopyTo(destination);
            return;
        }

        var taps = _taps.GetOrAdd(from, static (from, to) => new ResizeTaps(from, to), to);
        float[] rows = ArrayPool<float>.Shared.Rent(from * row);
        for (int y = 0; y < from; y++)
        {
            var source = pixels.Slice(y * from * channels, from * channels);
            for (int x = 0; x < to; x++)
            {
                var weights = taps.Weights(x);
                for (int channel = 0; channel < channels; channel++)
                {
                    float sum = 0;
                    int at = (taps.First(x) * channels) + channel;
                    for (int j = 0; j < weights.Length; j++, at += channels) sum += weights[j] * source[at];
                    rows[(y * row) + (x * channels) + channel] = sum;
                }
            }
        }

        for (int y = 0; y < to; y++)
        {
            var weights = taps.Weights(y);
            for (int i = 0; i < row; i++)
            {
                float sum = 0;
                int at = (taps.First(y) * row) + i;
                for (int j = 0; j < weights.Length; j++, at += row) sum += weights[j] * rows[at];
                destination[(y * row) + i] = (byte)Math.Clamp((int)(sum + 0.5f), 0, 255);
            }
        }

        ArrayPool<float>.Shared.Return(rows);
    }
}
