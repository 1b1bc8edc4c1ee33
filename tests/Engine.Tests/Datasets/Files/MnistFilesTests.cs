using LoptCluster.Engine.Datasets;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

public sealed class MnistFilesTests : FilesTest
{
    private const string Address = "http://yann.lecun.com/exdb/mnist/";
    private const int Images = 0x803;
    private const int Labels = 0x801;

    // Three images of 2×2.
    private static readonly byte[] ImageFile = SampleFiles.Idx(Images, [3, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    private static readonly byte[] LabelFile = SampleFiles.Idx(Labels, [3], 7, 0, 7);

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte", false)]
    [InlineData("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte", false)]
    [InlineData("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", true)]
    public void Open_OnePair_GroupsByLabel(string images, string labels, bool packed)
    {
        Folder.Write(images, packed ? SampleFiles.GZip(ImageFile) : ImageFile);
        Folder.Write(labels, packed ? SampleFiles.GZip(LabelFile) : LabelFile);

        var dataset = Open();

        Assert.Equal(new ImageShape(2, 1), dataset.Shape);
        Assert.Equal([1, 2, 3, 4, 9, 10, 11, 12], dataset.ClassImages(7).ToArray());
        Assert.Equal([5, 6, 7, 8], dataset.ClassImages(0).ToArray());
    }

    [Fact]
    public void Open_BothPairs_TrainComesFirst()
    {
        WritePair("t10k", ImageFile, LabelFile);
        WritePair("train", SampleFiles.Idx(Images, [1, 2, 2], 90, 91, 92, 93), SampleFiles.Idx(Labels, [1], 7));
        Assert.Equal([90, 91, 92, 93, 1, 2, 3, 4, 9, 10, 11, 12], Open().ClassImages(7).ToArray());
    }

    [Fact]
    public void Open_LabelsMissing_NamesTheMissingFile()
    {
        Folder.Write("train-images-idx3-ubyte", ImageFile);
        AssertRefused("train-labels-idx1-ubyte' (or .gz) is missing", Address);
    }

    [Fact]
    public void Open_WrongImagesMagic_SaysBoth()
    {
        WritePair("train", LabelFile, LabelFile);
        AssertRefused("train-images-idx3-ubyte', byte 0:", "expected the magic number 0x00000803 of images, found 0x00000801", Address);
    }

    [Fact]
    public void Open_WrongLabelsMagic_SaysBoth()
    {
        WritePair("train", ImageFile, ImageFile);
        AssertRefused("train-labels-idx1-ubyte', byte 0:", "0x00000801 of labels, found 0x00000803");
    }

    [Fact]
    public void Open_CutOffImages_NamesOffset()
    {
        WritePair("train", ImageFile[..^5], LabelFile);
        AssertRefused("train-images-idx3-ubyte', byte 23:", "expected 1 more byte (3 images of 2×2 bytes)", "the end of the file");
    }

    [Fact]
    public void Open_CutOffHeader_NamesOffset()
    {
        WritePair("train", ImageFile[..6], LabelFile);
        AssertRefused("train-images-idx3-ubyte', byte 6:", "the number of images");
    }

    [Fact]
    public void Open_MoreBytesThanSaid_IsRefused()
    {
        WritePair("train", [.. ImageFile, 0], LabelFile);
        AssertRefused("byte 28:", "expected the end of the file, found more bytes");
    }

    [Fact]
    public void Open_LabelOutOfRange_NamesItsOffset()
    {
        WritePair("train", ImageFile, SampleFiles.Idx(Labels, [3], 1, 10, 0));
        AssertRefused("train-labels-idx1-ubyte', byte 9:", "expected a label of 0 to 9, found 10");
    }

    [Fact]
    public void Open_FewerLabelsThanImages_SaysBothCounts()
    {
        WritePair("train", ImageFile, SampleFiles.Idx(Labels, [2], 1, 0));
        AssertRefused("train-labels-idx1-ubyte', byte 4:", "expected 3 labels", "found 2");
    }

    [Fact]
    public void Open_ImagesNotSquare_IsRefused()
    {
        WritePair("train", SampleFiles.Idx(Images, [3, 2, 3], new byte[18]), LabelFile);
        AssertRefused("byte 12:", "expected 2 columns, as there are rows, found 3");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(12)]
    public void Open_GZipCutOff_IsRefused(int missingBytes)
    {
        string path = Folder.Write("train-images-idx3-ubyte.gz", SampleFiles.GZip(ImageFile)[..^missingBytes]);
        Folder.Write("train-labels-idx1-ubyte", LabelFile);
        AssertRefused(path, "compressed data, found ", Address);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(15)]
    public void Open_GZipDamaged_IsRefused(int fromEnd)
    {
        byte[] packed = SampleFiles.GZip(ImageFile);
        packed[^fromEnd] ^= 0xFF;
        string path = Folder.Write("train-images-idx3-ubyte.gz", packed);
        Folder.Write("train-labels-idx1-ubyte", LabelFile);
        AssertRefused($"{path} (unpacked)', byte 0: expected intact compressed data, found damaged data", Address);
    }

    /// <summary>Browsers unpack a file and keep its name, or keep it packed under the name without .gz.</summary>
    [Fact]
    public void Open_NameThatSaysNothingOfThePacking_IsReadByItsContent()
    {
        Folder.Write("train-images-idx3-ubyte.gz", ImageFile);
        Folder.Write("train-labels-idx1-ubyte", SampleFiles.GZip(LabelFile));

        Assert.StartsWith("MNIST (3 images", Open().Description, StringComparison.Ordinal);
    }

    private void WritePair(string part, byte[] images, byte[] labels)
    {
        Folder.Write($"{part}-images-idx3-ubyte", images);
        Folder.Write($"{part}-labels-idx1-ubyte", labels);
    }
}
