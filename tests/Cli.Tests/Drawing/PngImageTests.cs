using LoptCluster.Cli.Drawing;
using SkiaSharp;
using Xunit;

namespace LoptCluster.Cli.Tests.Drawing;

public sealed class PngImageTests : IDisposable
{
    private const int Width = 300, Height = 40;

    /// <summary>Of the signature, and of the length, type, width and height of the first chunk.</summary>
    private const int HeaderBytes = 24;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lopt-png-");

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Write_ADocument_IsAPngOfTwiceItsSize()
    {
        Assert.Null(PngImage.Write(Document(""), PathOf("a.png")));

        byte[] file = File.ReadAllBytes(PathOf("a.png"));
        byte[] header = [0x89, .. "PNG\r\n\x1A\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 2, 0x58, 0, 0, 0, 0x50];
        Assert.Equal(header, file[..HeaderBytes]);
    }

    [Fact]
    public void Write_ADocumentWithoutBackground_IsWhite()
    {
        using var image = Drawn("");

        Assert.All(image.Pixels, pixel => Assert.Equal(SKColors.White, pixel));
    }

    [Fact]
    public void Write_TheSameDocumentAgain_GivesTheSameBytes()
    {
        const string Line = "<path d=\"M0 0L300 40\" stroke=\"rgb(59,130,246)\" stroke-dasharray=\"7 3\"/>";
        string svg = Document(Text("Variance of g_rp, 10⁻³") + Line);
        PngImage.Write(svg, PathOf("a.png"));
        PngImage.Write(svg, PathOf("b.png"));

        Assert.Equal(File.ReadAllBytes(PathOf("a.png")), File.ReadAllBytes(PathOf("b.png")));
    }

    /// <summary>The ink of a line covers the width that its letters take by the font.</summary>
    [Theory]
    [InlineData("sans-serif", "400")]
    [InlineData("sans-serif", "bold")]
    [InlineData("Segoe UI", "400")]
    [InlineData("A family that no system has", "400")]
    public void Write_Text_IsThereInAnyFamily(string family, string weight)
    {
        const string Line = "Loss of θ in |nats|";
        using var font = new SKFont(weight == "bold" ? EmbeddedTypefaces.Bold : EmbeddedTypefaces.Regular, 16 * PngImage.Scale);
        font.Hinting = SKFontHinting.None;

        using var image = Drawn(Text(Line, family, weight));

        var ink = Ink(image);
        Assert.InRange(ink.Width, 0.97 * font.MeasureText(Line), 1.03 * font.MeasureText(Line));
        Assert.InRange(ink.Height, 16, 16 * PngImage.Scale * 1.3);
    }

    [Fact]
    public void Write_RotatedText_StandsUpright()
    {
        using var image = Drawn(
            "<text transform=\"translate(150,38) rotate(-90)\" font-family=\"Segoe UI\" font-size=\"10\" fill=\"#000\">llllllll</text>");

        var ink = Ink(image);
        Assert.True(ink.Height > 1.3 * ink.Width, $"The ink is {ink.Width} × {ink.Height}.");
    }

    /// <summary>A folder's name, which a caption has, may be in any script. The system's fonts are not used, whatever they have.</summary>
    [Fact]
    public void Write_CharactersThatTheFontLacks_AreTheSameBoxesOnEverySystem()
    {
        using var cyrillic = Drawn(Text("ДЖ"));
        using var japanese = Drawn(Text("図表"));

        Assert.Equal(japanese.Bytes, cyrillic.Bytes);
        Assert.InRange(Ink(japanese).Width, 16 * PngImage.Scale, 16 * PngImage.Scale * 2);
    }

    [Theory]
    [InlineData("libSkiaSharp")]
    [InlineData("libHarfBuzzSharp")]
    public void Write_ALibraryThatDoesNotLoad_IsSaidInOneLineAndLeavesNoFile(string library)
    {
        string? failure = WithoutLibrary.Write(library, Document(Text("a")), PathOf("a.png"));

        Assert.Equal($"The test has no {library}.", failure);
        Assert.False(File.Exists(PathOf("a.png")));
    }

    private SKBitmap Drawn(string content)
    {
        Assert.Null(PngImage.Write(Document(content), PathOf("drawn.png")));
        return SKBitmap.Decode(PathOf("drawn.png"));
    }

    private static string Document(string content) =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\">{content}</svg>";

    private static string Text(string line, string family = "sans-serif", string weight = "400") =>
        $"<text x=\"10\" y=\"24\" font-family=\"{family}\" font-size=\"16\" font-weight=\"{weight}\" fill=\"#000\">{line}</text>";

    /// <summary>The smallest rectangle with all pixels that are dark; empty if there are none.</summary>
    private static SKRectI Ink(SKBitmap image)
    {
        var ink = SKRectI.Empty;
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                if (image.GetPixel(x, y).Green >= 128) continue;
                var pixel = new SKRectI(x, y, x + 1, y + 1);
                ink = ink.IsEmpty ? pixel : SKRectI.Union(ink, pixel);
            }
        }

        return ink;
    }
}
