using LoptCluster.Engine.Datasets;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

public sealed class CifarFilesTests : FilesTest
{
    private const string Address = "https://www.cs.toronto.edu/~kriz/cifar.html";

    [Fact]
    public void Open_Cifar10_GroupsByLabelInFileOrderAndInterleavesPlanes()
    {
        Folder.Write("data_batch_1.bin", [.. SampleFiles.CifarRecord([3], 1, 2, 3), .. SampleFiles.CifarRecord([9], 4, 5, 6)]);
        Folder.Write("test_batch.bin", SampleFiles.CifarRecord([3], 7, 8, 9));

        var dataset = Open();

        Assert.Equal(10, dataset.ClassCount);
        Assert.Equal(new ImageShape(32, 3), dataset.Shape);
        Assert.StartsWith("CIFAR-10 (3 images, 10 classes, 32×32 colour; not there: ", dataset.Description, StringComparison.Ordinal);
        Assert.Equal([0, 0, 0, 2, 0, 0, 0, 0, 0, 1], Enumerable.Range(0, 10).Select(dataset.ImageCount));
        Assert.Equal([1, 2, 3, 1, 2, 3], dataset.ClassImages(3)[..6].ToArray());
        Assert.Equal([7, 8, 9], dataset.ClassImages(3).Slice(3072, 3).ToArray());
        Assert.Equal([4, 5, 6], dataset.ClassImages(9)[^3..].ToArray());
    }

    [Fact]
    public void Open_Cifar100_UsesFineLabels()
    {
        Folder.Write("train.bin", SampleFiles.CifarRecord([19, 99], 1, 2, 3));

        var dataset = Open();

        Assert.Equal(100, dataset.ClassCount);
        Assert.Equal(1, dataset.ImageCount(99));
    }

    [Fact]
    public void Open_CutOffFile_NamesFileOffsetExpectedAndAddress()
    {
        byte[] record = SampleFiles.CifarRecord([0], 1, 2, 3);
        string path = Folder.Write("data_batch_2.bin", [.. record, .. record.AsSpan(0, 100)]);
        AssertRefused($"{path}', byte 3173:", "expected 2,973 more bytes (records have 3,073 bytes)", "found the end of the file", Address);
    }

    [Fact]
    public void Open_EmptyFile_IsRefused()
    {
        string path = Folder.Write("test_batch.bin");
        AssertRefused($"{path}', byte 0:", "found an empty file", Address);
    }

    [Fact]
    public void Open_LabelOutOfRange_NamesItsOffset()
    {
        Folder.Write("data_batch_1.bin", [.. SampleFiles.CifarRecord([9], 1, 2, 3), .. SampleFiles.CifarRecord([10], 1, 2, 3)]);
        AssertRefused("byte 3073:", "expected a label of 0 to 9, found 10", Address);
    }

    [Theory]
    [InlineData(20, 0, "byte 0:", "expected a coarse label of 0 to 19, found 20")]
    [InlineData(0, 100, "byte 1:", "expected a label of 0 to 99, found 100")]
    public void Open_Cifar100LabelOutOfRange_NamesItsOffset(byte coarse, byte fine, string offset, string complaint)
    {
        Folder.Write("test.bin", SampleFiles.CifarRecord([coarse, fine], 1, 2, 3));
        AssertRefused(offset, complaint, Address);
    }
}
