using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

/// <summary>Images of kinds that people have without knowing: the pixels that are read, and what is said not to be used.</summary>
public sealed class DetailTests : FilesTest
{
    private static readonly byte[] RedInInks = Convert.FromBase64String(
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4S"
            + "EA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABQAAQAAAAAA"
            + "AAAAAAAAAAAAAAn/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/AFTFUKoqb//Z");

    private static readonly byte[] Plain = SampleFiles.Png(2, 2, 3, (_, _) => [50, 60, 70]);

    [Fact]
    public void Open_PngOfOneBit_IsBlackAndWhite()
    {
        Write(SampleFiles.Png(2, 2, 1, 0, [0, 0b0100_0000, 0, 0b1000_0000]), SampleFiles.Png(2, 2, 1, (_, _) => [9]));

        Assert.Equal([0, 255, 255, 0], Open().ClassImages(0).ToArray());
    }

    [Fact]
    public void Open_PngWithPaletteAndTransparency_HasItsColours_AndSaysSo()
    {
        byte[] palette = [.. SampleFiles.Chunk("PLTE", [1, 2, 3, 40, 50, 60]), .. SampleFiles.Chunk("tRNS", [0])];
        Write(SampleFiles.Png(2, 2, 8, 3, [0, 0, 1, 0, 1, 0], palette), Plain);

        var dataset = Open();

        Assert.Equal([1, 2, 3, 40, 50, 60, 40, 50, 60, 1, 2, 3], dataset.ClassImages(0).ToArray());
        Assert.EndsWith("; left out: transparency of 1 image)", dataset.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TransparentGreyAndColour_AreCounted()
    {
        Write(SampleFiles.Png(2, 2, 2, (x, _) => [9, (byte)(255 - x)]), SampleFiles.Png(2, 2, 4, (_, _) => [1, 2, 3, 0]));
        Assert.EndsWith("; left out: transparency of 2 images)", Open().Description, StringComparison.Ordinal);
    }

    /// <summary>An alpha channel that is opaque everywhere says nothing.</summary>
    [Fact]
    public void Open_OpaqueAlpha_IsNoWord()
    {
        Write(SampleFiles.Png(2, 2, 4, (_, _) => [1, 2, 3, 255]), Plain);
        Assert.DoesNotContain("left out", Open().Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Grey16Bits_HasTheUpperEight_AndSaysSo()
    {
        byte[] deep = SampleFiles.Png(2, 2, 16, 0, [0, 7, 255, 8, 0, 0, 9, 1, 10, 2]);
        Write(deep, deep);

        var dataset = Open();

        Assert.Equal([7, 8, 9, 10], dataset.ClassImages(0).ToArray());
        Assert.EndsWith("; left out: lower 8 of 16 bits of 2 images)", dataset.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MovingPictures_AreReadAsTheirFirst_AndCounted()
    {
        byte[] still = SampleFiles.Gif(10, 20, 30, 1), control = SampleFiles.Chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0]);
        Folder.Write("a/1.gif", SampleFiles.Gif(10, 20, 30, 1, 0));
        Folder.Write("a/2.gif", still);
        Folder.Write("b/1.png", SampleFiles.Png(1, 1, 8, 2, [0, 1, 2, 3], control));
        Folder.Write("b/2.gif", still);

        var dataset = Open();

        Assert.Equal([10, 20, 30, 10, 20, 30], dataset.ClassImages(0).ToArray());
        Assert.Equal([1, 2, 3], dataset.ClassImages(1)[..3].ToArray());
        Assert.EndsWith("; left out: all pictures but the first of 2 images)", dataset.Description, StringComparison.Ordinal);
    }

    /// <summary>Stored in red, with four inks as Adobe's programs write them: inverted.</summary>
    [Fact]
    public void Open_JpegOfFourInks_HasItsColour()
    {
        Folder.Write("a/1.jpg", RedInInks);
        Folder.Write("b/1.jpg", RedInInks);

        byte[] pixel = Open().ClassImages(0)[..3].ToArray();

        Assert.True(pixel is [> 250, < 5, < 5], string.Join(", ", pixel));
    }

    /// <summary>Without Adobe's marker nobody knows whether they are inverted.</summary>
    [Fact]
    public void Open_JpegOfFourInksOfAnUnknownKind_IsRefused()
    {
        Folder.Write("a/1.jpg", [.. RedInInks[..2], .. RedInInks[18..]]);
        Folder.Write("b/1.jpg", RedInInks);

        AssertRefused("a/1.jpg', byte 0: expected a JPEG in grey or colour, found four inks (CMYK) of an unknown kind");
    }

    /// <summary>Many programs write no length into the header; the decoder takes black for what is missing.</summary>
    [Fact]
    public void Open_BitmapCutOffWithoutALength_IsRefused()
    {
        byte[] bitmap = SampleFiles.Bmp(8, 1, 2, 3);
        bitmap.AsSpan(2, 4).Clear();
        Folder.Write("a/1.bmp", bitmap);
        Folder.Write("b/1.bmp", bitmap[..^1]);

        AssertRefused($"b/1.bmp', byte {bitmap.Length - 1}: expected {bitmap.Length} bytes, as a bitmap of 8×8 pixels has");
    }

    /// <summary>Stored 0 1 / 2 3; to be turned clockwise.</summary>
    [Theory]
    [InlineData(6, new byte[] { 2, 0, 3, 1 })]
    [InlineData(1, new byte[] { 0, 1, 2, 3 })]
    public void Open_PngWithOrientation_IsTurned(byte orientation, byte[] seen)
    {
        byte[] tiff = [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        byte[] png = SampleFiles.Png(2, 2, 8, 0, [0, 0, 1, 0, 2, 3], SampleFiles.Chunk("eXIf", tiff));
        Write(png, png);

        Assert.Equal(seen, Open().ClassImages(0).ToArray());
    }

    [Theory]
    [InlineData("", "found an empty file")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0", "found a HEIC image or a film")]
    [InlineData("\0\0\0\u001cftypavif\0\0\0\0", "found an AVIF image")]
    [InlineData("II*\0\u0008\0\0\0", "found a TIFF image")]
    [InlineData("MM\0*\0\0\0\u0008", "found a TIFF image")]
    [InlineData("\0\0\0\u000cjP  \r\n", "found a JPEG 2000 image")]
    [InlineData("<!DOCTYPE html><title>404</title>", "found a web page or another text")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid", "found a pointer of Git LFS ('git lfs pull' fetches the file itself)")]
    [InlineData("red,green\n", "found text")]
    public void Open_OtherFileUnderTheNameOfAnImage_IsNamed(string content, string found)
    {
        Folder.Write("a/1.JPG", System.Text.Encoding.Latin1.GetBytes(content));
        Folder.Write("b/1.png", Plain);

        AssertRefused($"a/1.JPG', byte 0: expected a PNG, JPEG, BMP or GIF image, {found}.");
    }

    private void Write(byte[] first, byte[] second)
    {
        Folder.Write("a/1.png", first);
        Folder.Write("b/1.png", second);
    }
}
