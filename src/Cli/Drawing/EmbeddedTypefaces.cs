using SkiaSharp;
using Svg.Skia.TypefaceProviders;

namespace LoptCluster.Cli.Drawing;

/// <summary>DejaVu Sans out of the program, for whatever family: the same letters on every system, also on one without fonts.</summary>
internal sealed class EmbeddedTypefaces : ITypefaceProvider
{
    public static SKTypeface Regular { get; } = Load("DejaVuSans.ttf");

    public static SKTypeface Bold { get; } = Load("DejaVuSans-Bold.ttf");

    public SKTypeface FromFamilyName(
        string fontFamily, SKFontStyleWeight fontWeight, SKFontStyleWidth fontWidth, SKFontStyleSlant fontStyle) =>
        fontWeight >= SKFontStyleWeight.SemiBold ? Bold : Regular;

    private static SKTypeface Load(string name)
    {
        using var stream = typeof(EmbeddedTypefaces).Assembly.GetManifestResourceStream("fonts/" + name);
        return SKTypeface.FromStream(stream) ?? throw new InvalidOperationException($"The font '{name}' of the program cannot be read.");
    }
}
