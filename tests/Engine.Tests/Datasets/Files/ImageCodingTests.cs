using LoptCluster.Engine.Datasets.Files;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

/// <summary>What files say beside their pixels: how an image is turned, where it ends, what its checksums cover.</summary>
public sealed class ImageCodingTests : FilesTest
{
    /// <summary>
    /// An image of 2 × 3 pixels, 0 1 / 2 3 / 4 5, seen in each orientation (CIPA DC-008, tag 274).
    /// </summary>
    [Theory]
    [InlineData(1, 2, new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(2, 2, new[] { 1, 0, 3, 2, 5, 4 })]
    [InlineData(3, 2, new[] { 5, 4, 3, 2, 1, 0 })]
    [InlineData(4, 2, new[] { 4, 5, 2, 3, 0, 1 })]
    [InlineData(5, 3, new[] { 0, 2, 4, 1, 3, 5 })]
    [InlineData(6, 3, new[] { 4, 2, 0, 5, 3, 1 })]
    [InlineData(7, 3, new[] { 5, 3, 1, 4, 2, 0 })]
    [InlineData(8, 3, new[] { 1, 3, 5, 0, 2, 4 })]
    public void Upright_EachOrientation_IsAsSeen(int orientation, int width, int[] seen)
    {
        var upright = new Upright(2, 3, orientation);

        Assert.Equal((width, 6 / width), (upright.Width, upright.Height));
        Assert.Equal(seen, Enumerable.Range(0, 6).Select(i => upright.StoredAt(i % width, i / width)));
    }

    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 8)]
    public void Orientation_InEitherByteOrder_IsFound(bool bigEndian, byte orientation) =>
        Assert.Equal(orientation, ExifOrientation.Of(WithExif(SampleFiles.GreyJpeg(), bigEndian, orientation, [])));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Orientation_ThatDoesNotExist_IsUpright(byte orientation) =>
        Assert.Equal(1, ExifOrientation.Of(WithExif(SampleFiles.GreyJpeg(), bigEndian: true, orientation, [])));

    /// <summary>Every beginning of a file is looked at without going beyond its end.</summary>
    [Fact]
    public void Jpeg_CutAnywhere_HasNoEnd()
    {
        byte[] whole = WithExif(SampleFiles.GreyJpeg(), bigEndian: false, 6, SampleFiles.GreyJpeg());

        Assert.True(JpegSegments.HasEnd(whole));
        for (int length = 0; length < whole.Length - 1; length++)
        {
            Assert.False(JpegSegments.HasEnd(whole.AsSpan(0, length)));
            Assert.InRange(ExifOrientation.Of(whole.AsSpan(0, length)), 1, 8);
        }
    }

    /// <summary>The thumbnail in a file's EXIF data has an end mark of its own.</summary>
    [Fact]
    public void Open_JpegCutBehindItsThumbnail_IsRefused()
    {
        byte[] whole = WithExif(SampleFiles.GreyJpeg(), bigEndian: true, 1, SampleFiles.GreyJpeg());
        Folder.Write("a/1.jpg", whole[..^3]);
        Folder.Write("b/1.jpg", whole);

        AssertRefused($"a/1.jpg', byte {whole.Length - 3}:", "expected the end mark of a JPEG");
    }

    [Fact]
    public void Open_PngWhoseTextHasAWrongChecksum_IsRead()
    {
        byte[] png = SampleFiles.Png(2, 2, 1, (x, y) => [(byte)((2 * y) + x)]);
        byte[] text = [0, 0, 0, 3, .. "tEXt"u8, (byte)'k', 0, (byte)'v', 1, 2, 3, 4];
        Folder.Write("a/1.png", [.. png[..33], .. text, .. png[33..]]);
        Folder.Write("b/1.png", png);

        Assert.Equal([0, 1, 2, 3], Open().ClassImages(0).ToArray());
    }

    [Fact]
    public void Open_GzipOfSeveralMembers_IsReadAsGunzipDoes()
    {
        byte[] images = SampleFiles.Idx(0x803, [2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8);
        Folder.Write("t10k-images-idx3-ubyte.gz", [.. SampleFiles.GZip(images[..18]), .. SampleFiles.GZip(images[18..])]);
        Folder.Write("t10k-labels-idx1-ubyte.gz", SampleFiles.GZip(SampleFiles.Idx(0x801, [2], 3, 7)));

        var dataset = Open();

        Assert.Equal([1, 2, 3, 4], dataset.ClassImages(3).ToArray());
        Assert.Equal([5, 6, 7, 8], dataset.ClassImages(7).ToArray());
    }

    /// <summary>A JPEG with an EXIF segment: one directory with the orientation, and a thumbnail.</summary>
    private static byte[] WithExif(byte[] jpeg, bool bigEndian, byte orientation, byte[] thumbnail)
    {
        byte[] tiff = bigEndian
            ? [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
            : [.. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
        byte[] content = [.. "Exif\0\0"u8, .. tiff, .. thumbnail];
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. jpeg[2..]];
    }
}
