using System.Diagnostics;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

/// <summary>What is said of a dataset that is read, but perhaps not what its user believes it to be.</summary>
public sealed class RemarkTests : FilesTest
{
    /// <summary>Within a class or in two of them, an image may come to train and to validate.</summary>
    [Fact]
    public void Open_ImagesThatAreThereTwice_AreCounted()
    {
        Folder.Write("a/1.png", Grey(1));
        Folder.Write("a/1 (1).png", Grey(1));
        Folder.Write("b/1.png", Grey(1));
        Folder.Write("b/2.png", Grey(2));

        Assert.EndsWith("grey; 2 images have the bytes of another)", Open().Description, StringComparison.Ordinal);
    }

    /// <summary>Vehicles have trains; a folder of that name may also be a part of a dataset.</summary>
    [Fact]
    public void Open_ClassCalledAsAPart_IsReadAndNamed()
    {
        Folder.Write("bus/1.png", Grey(1));
        Folder.Write("car/1.png", Grey(2));
        Folder.Write("train/1.png", Grey(3));

        var dataset = Open();

        Assert.Equal(3, dataset.ClassCount);
        Assert.EndsWith("grey; 'train' read as a class)", dataset.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ImagesThatAreNotSquare_AreCroppedAndCounted()
    {
        byte[] wide = SampleFiles.Png(4, 2, 1, (x, y) => [(byte)(10 * x + y)]);
        Folder.Write("a/1.png", wide);
        Folder.Write("b/1.png", SampleFiles.Png(2, 2, 1, (_, _) => [9]));

        var dataset = Open();

        Assert.Equal([10, 20, 11, 21], dataset.ClassImages(0).ToArray());
        Assert.EndsWith("; left out: what is beyond the central square of 1 image)", dataset.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BatchesThatAreNotThere_AreNamed()
    {
        foreach (string name in (string[])["data_batch_1", "data_batch_2", "data_batch_3", "test_batch"])
            Folder.Write($"{name}.bin", SampleFiles.CifarRecord([1], 1, (byte)name[^1], 3));

        Assert.EndsWith("colour; not there: 'data_batch_4.bin', 'data_batch_5.bin')", Open().Description, StringComparison.Ordinal);
    }

    /// <summary>Another attempt at a download, which was broken off behind a whole record, is not a sixth batch.</summary>
    [Fact]
    public void Open_CopyOfABatchThatWasBrokenOff_IsNotReadAndNamed()
    {
        byte[] batch = [.. SampleFiles.CifarRecord([1], 1, 2, 3), .. SampleFiles.CifarRecord([2], 4, 5, 6)];
        Folder.Write("data_batch_1.bin", batch);
        Folder.Write("data_batch_1 (1).bin", batch[..3073]);

        var dataset = Open();

        Assert.Equal(1, dataset.ImageCount(1));
        Assert.EndsWith("; left out: 'data_batch_1 (1).bin')", dataset.Description, StringComparison.Ordinal);
    }

    /// <summary>The opening of a pipe waits until somebody writes to it.</summary>
    [Fact]
    public void Open_PipeUnderTheNameOfAnImage_IsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Windows has no such pipes.");
        Folder.Write("a/1.png", Grey(1));
        Folder.Write("b/1.png", Grey(2));
        using (var mkfifo = Process.Start("mkfifo", [Folder.PathOf("b/2.png")])) mkfifo.WaitForExit();

        AssertRefused("b/2.png', byte 0: expected a PNG, JPEG, BMP or GIF image, found an empty file");
    }

    private static byte[] Grey(byte value) => SampleFiles.Png(8, 8, 1, (_, _) => [value]);
}
