using System.Buffers.Binary;
using System.IO.Compression;
using LoptCluster.Engine.Datasets;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

public sealed class ImageNetFilesTests : FilesTest
{
    private const string Address = "https://image-net.org/download-images";

    [Theory]
    [InlineData(CompressionLevel.NoCompression, "<i8")]
    [InlineData(CompressionLevel.Optimal, "<i8")]
    [InlineData(CompressionLevel.Fastest, "<i4")]
    [InlineData(CompressionLevel.Fastest, "<u2")]
    public void Open_Batches_GroupsByLabelMinusOneAndInterleavesPlanes(CompressionLevel level, string type)
    {
        Folder.Write(
            "train_data_batch_1.npz",
            SampleFiles.Zip(level, ("data.npy", Data(2)), ("labels.npy", Labels(type, 1000, 1)), ("mean.npy", [1])));
        Folder.Write("train_data_batch_2.npz", SampleFiles.Zip(level, ("data.npy", Data(1)), ("labels.npy", Labels(type, 1000))));

        var dataset = Open();

        Assert.Equal(1000, dataset.ClassCount);
        Assert.Equal(new ImageShape(32, 3), dataset.Shape);
        Assert.Equal(2, dataset.ImageCount(999));
        Assert.Equal([10, 20, 30, 10], dataset.ClassImages(999)[..4].ToArray());
        Assert.Equal([11, 21, 31], dataset.ClassImages(0)[..3].ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    [InlineData(-1)]
    public void Open_LabelOutOfRange_NamesItsOffset(long label)
    {
        byte[] labels = Labels("<i8", 5, label);
        Folder.Write("val_data.npz", SampleFiles.Zip(CompressionLevel.Fastest, ("data.npy", Data(2)), ("labels.npy", labels)));
        AssertRefused($"val_data.npz/labels.npy', byte {labels.Length - 8}:", $"expected a label of 1 to 1,000, found {label}", Address);
    }

    [Fact]
    public void Open_FortranOrder_IsRefused()
    {
        Write(SampleFiles.Npy("|u1", true, "2, 3072", new byte[2 * 3072]), Labels("<i8", 1, 2));
        AssertRefused("data.npy', byte 10:", "expected row after row (fortran_order False), found fortran_order True", Address);
    }

    [Fact]
    public void Open_FloatingPointData_IsRefused()
    {
        Write(SampleFiles.Npy("<f4", false, "2, 3072", new byte[8]), Labels("<i8", 1, 2));
        AssertRefused("data.npy', byte 0:", "expected bytes (descr |u1), found <f4");
    }

    [Fact]
    public void Open_RowsOfAnotherLength_IsRefused()
    {
        Write(SampleFiles.Npy("|u1", false, "2, 3000", new byte[6000]), Labels("<i8", 1, 2));
        AssertRefused("expected rows of 3,072 bytes (3 × 32 × 32), found 3,000");
    }

    [Fact]
    public void Open_FewerLabelsThanImages_SaysBothCounts()
    {
        Write(Data(3), Labels("<i8", 1, 2));
        AssertRefused("data.npy", "expected 2 images, as labels.npy has labels, found 3");
    }

    [Fact]
    public void Open_DataCutOff_NamesOffset()
    {
        byte[] data = Data(2);
        Write(data[..^1], Labels("<i8", 1, 2));
        AssertRefused($"data.npy', byte {data.Length - 1}:", "expected 1 more byte", "the end of the file");
    }

    [Fact]
    public void Open_NotAnArray_IsRefused()
    {
        Write([1, 2, 3, 4, 5, 6, 7, 8, 9], Labels("<i8", 1, 2));
        AssertRefused("data.npy', byte 0:", "expected a numpy array (\\x93NUMPY), found 010203040506");
    }

    [Fact]
    public void Open_EntryMissing_NamesIt()
    {
        Folder.Write("a.npz", SampleFiles.Zip(CompressionLevel.Fastest, ("data.npy", Data(1)), ("target.npy", [])));
        AssertRefused("a.npz', byte 0:", "expected an entry labels.npy, found data.npy, target.npy");
    }

    [Fact]
    public void Open_ArchiveCutOff_IsRefused()
    {
        byte[] archive = SampleFiles.Zip(CompressionLevel.Fastest, ("data.npy", Data(1)), ("labels.npy", Labels("<i8", 1)));
        Folder.Write("a.npz", archive[..(archive.Length / 2)]);
        AssertRefused("a.npz', byte 0: expected intact compressed data, found damaged data", "Replace or remove the file.");
    }

    [Fact]
    public void Open_BitFlippedInStoredData_IsFoundByChecksum()
    {
        byte[] archive = SampleFiles.Zip(CompressionLevel.NoCompression, ("data.npy", Data(1)), ("labels.npy", Labels("<i8", 1)));
        archive[1500] ^= 1;
        Folder.Write("a.npz", archive);
        AssertRefused("a.npz/data.npy', byte ", Address);
    }

    private void Write(byte[] data, byte[] labels) =>
        Folder.Write("a.npz", SampleFiles.Zip(CompressionLevel.Fastest, ("data.npy", data), ("labels.npy", labels)));

    /// <summary>Image i is 10 + i red, 20 + i green, 30 + i blue.</summary>
    private static byte[] Data(int count)
    {
        byte[] pixels = new byte[count * 3072];
        for (int i = 0; i < count; i++)
        {
            for (int channel = 0; channel < 3; channel++)
                pixels.AsSpan((i * 3072) + (channel * 1024), 1024).Fill((byte)((10 * (channel + 1)) + i));
        }

        return SampleFiles.Npy("|u1", false, $"{count}, 3072", pixels);
    }

    private static byte[] Labels(string type, params long[] labels)
    {
        int bytes = type[2] - '0';
        byte[] raw = new byte[labels.Length * bytes];
        Span<byte> number = stackalloc byte[8];
        for (int i = 0; i < labels.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, labels[i]);
            number[..bytes].CopyTo(raw.AsSpan(i * bytes));
        }

        return SampleFiles.Npy(type, false, $"{labels.Length},", raw);
    }
}
