using SkiaSharp;
using Svg.Skia;

namespace LoptCluster.Cli.Drawing;

/// <summary>An SVG document in pixels: the same picture as PNG, on white.</summary>
internal static class PngImage
{
    /// <summary>Pixels for each unit of the document, along either side.</summary>
    public const int Scale = 2;

    /// <summary>Draws a document and writes it to a file.</summary>
    /// <returns>Why native code that draws does not load on this system; null if the file is written.</returns>
    public static string? Write(string svg, string path)
    {
        try
        {
            File.WriteAllBytes(path, Draw(svg));
            return null;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException)
        {
            // The rest of the runtime's message is advice for tracing it, and every path that was tried.
            return e.GetBaseException().Message.Split(". ")[0].TrimEnd('.') + ".";
        }
    }

    /// <summary>Content of a PNG file; the same for the same document.</summary>
    private static byte[] Draw(string svg)
    {
        using var picture = new SKSvg();
        picture.Settings.TypefaceProviders = [new EmbeddedTypefaces()];
        picture.FromSvg(svg);
        using var png = new MemoryStream();
        if (!picture.Save(png, SKColors.White, SKEncodedImageFormat.Png, 100, Scale, Scale))
            throw new InvalidOperationException("The SVG document has no picture.");
        return png.ToArray();
    }
}
