using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Datasets.Files;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

public sealed class ImageFolderFilesTests : FilesTest
{
    [Fact]
    public void Open_PngJpegAndBitmap_ReadsClassesAndImagesInOrderOfNames()
    {
        Folder.Write("cat/2.bmp", SampleFiles.Bmp(8, 1, 2, 3));
        Folder.Write("cat/1.png", Solid(8, 8, 10, 20, 30));
        Folder.Write("bat/x.JPG", SampleFiles.GreyJpeg());
        Folder.Write("bat/notes.txt", 1);
        Folder.Write(".hidden/1.png", 1);

        var dataset = Open(AsStored with { ImageChannels = 3 });

        Assert.Equal(2, dataset.ClassCount);
        Assert.Equal(new ImageShape(8, 3), dataset.Shape);
        Assert.Equal([129, 129, 129], dataset.ClassImages(0)[..3].ToArray());
        Assert.Equal([10, 20, 30], dataset.ClassImages(1)[..3].ToArray());
        Assert.Equal([1, 2, 3], dataset.ClassImages(1).Slice(8 * 8 * 3, 3).ToArray());
    }

    /// <summary>A name is shown on terminals: it must not break a line, nor be an escape sequence.</summary>
    [Fact]
    public void Open_ControlCharactersInNames_AreShownAsQuestionMarks()
    {
        Folder.Write("a\nb/1.png", Solid(8, 8, 1, 2, 3));
        Folder.Write("c/1.png", Solid(8, 8, 1, 2, 3));
        Folder.Write("c/no\u001b[31mte", 1);

        var dataset = Open();

        Assert.Equal(["'a?b'", "'c'"], ((MemoryImageDataset)dataset).ClassNames);
        Assert.Contains("1 'no?[31mte'", dataset.Description, StringComparison.Ordinal);
        Folder.Write("c\td/notes.txt", 1);
        AssertRefused("/c?d' holds no images");
    }

    [Fact]
    public void Open_NotSquare_IsCroppedAtTheCentre()
    {
        Folder.Write("a/wide.png", SampleFiles.Png(6, 2, 1, (x, y) => [(byte)((10 * y) + x)]));
        Folder.Write("b/tall.png", SampleFiles.Png(2, 6, 1, (x, y) => [(byte)((10 * y) + x)]));

        var dataset = Open();

        Assert.Equal([2, 3, 12, 13], dataset.ClassImages(0).ToArray());
        Assert.Equal([20, 21, 30, 31], dataset.ClassImages(1).ToArray());
    }

    [Fact]
    public void Open_Transparency_IsIgnored()
    {
        Folder.Write("a/1.png", SampleFiles.Png(2, 2, 4, (_, _) => [1, 2, 3, 0]));
        Folder.Write("b/1.png", SampleFiles.Png(2, 2, 2, (_, _) => [9, 0]));

        var dataset = Open();

        Assert.Equal([1, 2, 3], dataset.ClassImages(0)[..3].ToArray());
        Assert.Equal([9, 9, 9], dataset.ClassImages(1)[..3].ToArray());
    }

    [Fact]
    public void Open_SizeAsked_ResizesImagesOfAnySize()
    {
        Folder.Write("a/1.png", Solid(9, 9, 50, 50, 50));
        Folder.Write("b/1.png", Solid(3, 5, 70, 70, 70));

        var dataset = Open(AsStored with { ImageSize = 4, ImageChannels = 1 });

        Assert.Equal(new ImageShape(4, 1), dataset.Shape);
        Assert.All(dataset.ClassImages(0).ToArray(), p => Assert.Equal(50, p));
        Assert.All(dataset.ClassImages(1).ToArray(), p => Assert.Equal(70, p));
    }

    [Fact]
    public void Open_DifferentSizesAndNoneAsked_SaysToSetImageSize()
    {
        Folder.Write("a/1.png", Solid(8, 8, 0, 0, 0));
        Folder.Write("b/1.png", Solid(9, 9, 0, 0, 0));
        AssertRefused("b/1.png' is 9×9", "Set imageSize");
    }

    [Fact]
    public void Open_EmptyClassFolder_NamesIt()
    {
        Folder.Write("a/1.png", Solid(8, 8, 0, 0, 0));
        Folder.Write("b/readme.txt", 1);
        AssertRefused("/b' holds no images that can be read, but 1 .txt", "png, jpg, bmp or gif");
    }

    [Fact]
    public void Open_NotAnImage_ShowsItsFirstBytes()
    {
        Folder.Write("a/1.png", Solid(8, 8, 0, 0, 0));
        Folder.Write("b/1.png", 1, 2, 3);
        AssertRefused("b/1.png', byte 0:", "expected a PNG, JPEG, BMP or GIF image, found bytes 010203");
    }

    [Fact]
    public void Open_PngCutOff_NamesOffset()
    {
        byte[] png = Solid(8, 8, 0, 0, 0);
        Folder.Write("a/1.png", png);
        Folder.Write("b/1.png", png[..^20]);
        AssertRefused($"b/1.png', byte {png.Length - 20}:", "found the end of the file");
    }

    [Fact]
    public void Open_PngDamaged_NamesTheChecksum()
    {
        byte[] png = Solid(8, 8, 0, 0, 0);
        png[45] ^= 0x10;
        Folder.Write("a/1.png", png);
        AssertRefused("a/1.png', byte ", "expected the checksum", "of the PNG chunk before");
    }

    [Fact]
    public void Open_PngWithUnreadableContent_IsRefusedInOneLine()
    {
        // A bit depth of 3 does not exist; the checksum is made to fit.
        byte[] png = Solid(8, 8, 0, 0, 0);
        png[24] = 3;
        uint crc = System.IO.Hashing.Crc32.HashToUInt32(png.AsSpan(12, 17));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), crc);
        Folder.Write("a/1.png", png);
        AssertRefused("a/1.png', byte ", "expected a readable image");
    }

    [Fact]
    public void Open_JpegWithoutEnd_NamesOffset()
    {
        byte[] jpeg = SampleFiles.GreyJpeg();
        Folder.Write("a/1.jpg", jpeg[..^2]);
        AssertRefused($"a/1.jpg', byte {jpeg.Length - 2}:", "expected the end mark of a JPEG");
    }

    [Fact]
    public void Open_BitmapCutOff_NamesOffset()
    {
        byte[] bitmap = SampleFiles.Bmp(8, 0, 0, 0);
        Folder.Write("a/1.bmp", bitmap[..^1]);
        AssertRefused($"a/1.bmp', byte {bitmap.Length - 1}:", $"expected {bitmap.Length} bytes");
    }

    private static byte[] Solid(int width, int height, byte red, byte green, byte blue) =>
        SampleFiles.Png(width, height, 3, (_, _) => [red, green, blue]);
}
