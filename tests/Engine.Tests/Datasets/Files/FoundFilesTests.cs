using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

/// <summary>Folders as people have them: what is read, what is left out, and how that is said.</summary>
public sealed class FoundFilesTests : FilesTest
{
    [Fact]
    public void Open_OneOrTwoLevelsDown_IsFound()
    {
        Folder.Write("MNIST/raw/train-images-idx3-ubyte", SampleFiles.Idx(0x803, [2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8));
        Folder.Write("MNIST/raw/train-labels-idx1-ubyte", SampleFiles.Idx(0x801, [2], 3, 7));

        Assert.StartsWith("MNIST (2 images", Open().Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SeveralBelow_AreNamed()
    {
        Folder.Write("train/a/1.png", Grey(1));
        Folder.Write("train/b/1.png", Grey(2));
        Folder.Write("val/a/1.png", Grey(3));
        Folder.Write("val/b/1.png", Grey(4));

        AssertRefused("2 folders below it do: 'train', 'val'. Name one of them.");
    }

    /// <summary>As Tiny-ImageNet is laid out.</summary>
    [Fact]
    public void Open_ImagesInAFolderOfEachClass_AreRead()
    {
        Folder.Write("train/n01/images/n01_0.png", Grey(1));
        Folder.Write("train/n01/n01_boxes.txt", 1);
        Folder.Write("train/n02/images/n02_0.png", Grey(2));
        Folder.Write("val/images/val_0.png", Grey(3));
        Folder.Write("test/images/test_0.png", Grey(4));

        Assert.StartsWith("train (2 images, 2 classes", Open().Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhatOperatingSystemsLeaveBehind_IsPassedOver()
    {
        Directory.CreateDirectory(Folder.PathOf("lost+found"));
        Folder.Write("__MACOSX/a/1.png", Grey(9));
        Folder.Write("a/1.png", Grey(1));
        Folder.Write("a/Thumbs.db", 1);
        Folder.Write("b/1.png", Grey(2));
        Folder.Write("b/._1.png", 1);

        Assert.DoesNotContain("left out", Open().Description, StringComparison.Ordinal);
        Assert.Equal(2, Open().ClassCount);
    }

    [Fact]
    public void Open_FilesThatAreNotRead_AreCounted()
    {
        Folder.Write("labels.csv", 1);
        Folder.Write("a/1.png", Grey(1));
        Folder.Write("a/2.webp", 1);
        Folder.Write("b/1.png", Grey(2));
        Folder.Write("b/2.webp", 1);

        Assert.EndsWith("; left out: 1 .csv, 2 .webp)", Open().Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ClassOfFilesThatAreNotRead_SaysWhichTheseAre()
    {
        Folder.Write("a/1.png", Grey(1));
        Folder.Write("b/2.webp", 1);

        AssertRefused("/b' holds no images that can be read, but 1 .webp.", "convert those that are there");
    }

    [Fact]
    public void Open_WebPUnderTheNameOfPng_IsRefusedByName()
    {
        Folder.Write("a/1.png", [.. "RIFF"u8, 8, 0, 0, 0, .. "WEBPVP8 "u8]);
        Folder.Write("b/1.png", Grey(2));

        AssertRefused("a/1.png', byte 0: expected a PNG, JPEG, BMP or GIF image, found a WebP image");
    }

    [Fact]
    public void Open_CifarBatchTwice_CountsOnceAndSaysSo()
    {
        byte[] batch = [.. SampleFiles.CifarRecord([1], 1, 2, 3), .. SampleFiles.CifarRecord([2], 4, 5, 6)];
        Folder.Write("data_batch_1.bin", batch);
        Folder.Write("data_batch_1 (1).bin", batch);
        Folder.Write("data_batch_2.bin", [.. batch.Reverse().Select(b => (byte)(b % 10))]);

        var dataset = Open();

        Assert.Equal(4, Enumerable.Range(0, 10).Sum(dataset.ImageCount));
        Assert.EndsWith("; left out: 'data_batch_1 (1).bin', the bytes of another file)", dataset.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/1.webp", "found a (below: 1 .webp). Convert the images, with ImageMagick by 'mogrify -format png */*.webp'.")]
    [InlineData("a/b/c/d/1.png", "found a (below: 1 .png). Name the folder that holds the folders of the classes.")]
    [InlineData("1.png", "found 1.png. Sort the images into a folder for each class.")]
    [InlineData("a/1.csv", "found a (below: 1 .csv).")]
    public void Open_NoDataset_SaysWhatThereIsAndWhatToDo(string path, string expected)
    {
        Folder.Write(path, Grey(1));
        Assert.EndsWith(expected, Assert.Throws<UserErrorException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AFile_IsCalledAFile()
    {
        string path = Folder.Write("cifar.tar.gz", 1);

        string message = Assert.Throws<UserErrorException>(() => DatasetCatalog.Open(AsStored, path)).Message;

        Assert.Equal($"'{path}' is a file. Name the folder that holds it, after unpacking it there.", message);
    }

    [Fact]
    public void Open_AllPixelsAlike_IsRefused()
    {
        Folder.Write("a/1.png", Grey(0));
        Folder.Write("b/1.png", Grey(0));

        AssertRefused("All pixels of ", " are '0'");
    }

    [Fact]
    public void Open_GreyImageFirst_IsColourAllTheSame()
    {
        Folder.Write("a/1.png", Grey(7));
        Folder.Write("b/1.png", SampleFiles.Png(8, 8, 3, (_, _) => [1, 2, 3]));

        var dataset = Open();

        Assert.Equal(new ImageShape(8, 3), dataset.Shape);
        Assert.Equal([7, 7, 7], dataset.ClassImages(0)[..3].ToArray());
        Assert.Equal([1, 2, 3], dataset.ClassImages(1)[..3].ToArray());
    }

    private static byte[] Grey(byte value) => SampleFiles.Png(8, 8, 1, (_, _) => [value]);
}
