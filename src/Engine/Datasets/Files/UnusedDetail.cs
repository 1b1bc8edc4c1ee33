using System.Globalization;
using StbImageSharp;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>What images hold beside the pixels that are used, counted over a dataset. Thread-safe.</summary>
internal sealed class UnusedDetail
{
    private int _cropped, _transparent, _deep, _moving;

    /// <summary>Counts what an image holds in vain.</summary>
    /// <param name="file">The file, whole.</param>
    /// <param name="image">What was decoded from it.</param>
    public void Add(ReadOnlySpan<byte> file, ImageResult image)
    {
        if (image.Width != image.Height) Interlocked.Increment(ref _cropped);
        if (IsTransparent(image)) Interlocked.Increment(ref _transparent);
        bool isPng = PngChunks.IsPng(file);
        if (isPng && PngChunks.Depth(file) == 16) Interlocked.Increment(ref _deep);
        if (isPng ? !PngChunks.Find(file, "acTL"u8).IsEmpty : GifBlocks.Moves(file)) Interlocked.Increment(ref _moving);
    }

    /// <summary>Such as "transparency of 3 images, lower 8 of 16 bits of 2"; empty: nothing is unused.</summary>
    public override string ToString() => LeftOut.Join(
        Part("what is beyond the central square", _cropped),
        Part("transparency", _transparent),
        Part("lower 8 of 16 bits", _deep),
        Part("all pictures but the first", _moving));

    private static string Part(string what, int images) => images == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{what} of {images:N0} image{(images == 1 ? "" : "s")}");

    private static bool IsTransparent(ImageResult image)
    {
        int components = (int)image.Comp;
        if (components is not (2 or 4)) return false;
        for (int i = components - 1; i < image.Data.Length; i += components)
            if (image.Data[i] != byte.MaxValue) return true;
        return false;
    }
}
