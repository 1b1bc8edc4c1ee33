using System.IO.Compression;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

/// <summary>npz files as Keras and MedMNIST have them.</summary>
public sealed class ArrayFilesTests : FilesTest
{
    [Fact]
    public void Open_Keras_ReadsBothParts()
    {
        Write(
            "mnist.npz",
            ("x_test.npy", SampleFiles.Npy("|u1", false, "1, 2, 2", 9, 10, 11, 12)), ("y_test.npy", Labels("1,", 7)),
            ("x_train.npy", SampleFiles.Npy("|u1", false, "2, 2, 2", 1, 2, 3, 4, 5, 6, 7, 8)), ("y_train.npy", Labels("2,", 7, 3)));

        var dataset = Open();

        Assert.Equal("mnist (3 images, 2 classes, 2×2 grey)", dataset.Description);
        Assert.Equal([5, 6, 7, 8], dataset.ClassImages(0).ToArray());
        Assert.Equal([1, 2, 3, 4, 9, 10, 11, 12], dataset.ClassImages(1).ToArray());
        Assert.Equal(("3", "7"), (dataset.ClassName(0), dataset.ClassName(1)));
    }

    /// <summary>Colours last, colours first, and a channel of one; labels of MedMNIST have a second dimension of one.</summary>
    [Theory]
    [InlineData("1, 1, 1, 3", new byte[] { 1, 2, 3 })]
    [InlineData("1, 2, 2, 3", new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 })]
    [InlineData("1, 3, 2, 2", new byte[] { 1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12 })]
    [InlineData("1, 2, 2, 1", new byte[] { 1, 2, 3, 4 })]
    [InlineData("1, 1, 2, 2", new byte[] { 1, 2, 3, 4 })]
    public void Open_MedMnistInEachOrder_HasPixelsWithTheirColours(string shape, byte[] expected)
    {
        byte[] stored = [.. Enumerable.Range(1, expected.Length).Select(i => (byte)i)];
        Write("medmnist.npz", ("val_images.npy", SampleFiles.Npy("|u1", false, shape, stored)), ("val_labels.npy", Labels("1, 1", 1)));

        Assert.Equal(expected, Open().ClassImages(0).ToArray());
    }

    [Theory]
    [InlineData("<f4", "2, 2, 2", "x_train.npy', byte 0: expected bytes from 0 to 255 (descr |u1), found <f4")]
    [InlineData("|u1", "2, 4", "expected [images, rows, columns] or these with 1 or 3 channels, found [2, 4]")]
    [InlineData("|u1", "2, 2, 1", "expected square images of at most 256 pixels, found [2, 2, 1]")]
    [InlineData("|u1", "1, 2, 2", "expected 2 images, as y_train.npy has labels, found 1")]
    public void Open_OtherArrays_AreRefused(string type, string shape, string complaint)
    {
        Write("a.npz", ("x_train.npy", SampleFiles.Npy(type, false, shape, new byte[8])), ("y_train.npy", Labels("2,", 1, 2)));
        AssertRefused(complaint, "Replace or remove the file.");
    }

    [Fact]
    public void Open_TestImagesOfAnotherShape_AreRefusedInWords()
    {
        Write(
            "a.npz",
            ("x_train.npy", SampleFiles.Npy("|u1", false, "1, 1, 1", 1)), ("y_train.npy", Labels("1,", 1)),
            ("x_test.npy", SampleFiles.Npy("|u1", false, "1, 2, 2, 3", new byte[12])), ("y_test.npy", Labels("1,", 1)));
        AssertRefused(
            "x_test.npy', byte 0: expected images of 1×1 pixels and 1 channel, as x_train.npy has, found 2×2 pixels and 3 channels");
    }

    [Fact]
    public void Open_LabelsAsVectorsOfOnes_AreRefused()
    {
        Write("a.npz", ("x_train.npy", SampleFiles.Npy("|u1", false, "1, 2, 2", 1, 2, 3, 4)), ("y_train.npy", Labels("1, 2", 0, 1)));
        AssertRefused("y_train.npy', byte 0: expected labels in one dimension, found 2 dimensions");
    }

    [Fact]
    public void Open_TwoDatasets_AreNamed()
    {
        Write("a.npz", ("x_train.npy", SampleFiles.Npy("|u1", false, "1, 1, 1", 1)), ("y_train.npy", Labels("1,", 1)));
        File.Copy(Folder.PathOf("a.npz"), Folder.PathOf("b.npz"));
        AssertRefused("holds several datasets, 'a.npz', 'b.npz'. Move the one that is meant to a folder of its own");
    }

    [Fact]
    public void Open_ArraysOfOtherNames_AreListed()
    {
        Write("digits.npz", ("arr_0.npy", [1]));
        AssertRefused("holds no known dataset", "The arrays of 'digits.npz' are arr_0.npy; x_train, y_train, x_test and y_test");
    }

    [Fact]
    public void Open_ArraysBesideFoldersOfImages_AreCounted()
    {
        Write("results.npz", ("arr_0.npy", [1]));
        Folder.Write("a/1.png", SampleFiles.Png(2, 2, 1, (_, _) => [1]));
        Folder.Write("b/1.png", SampleFiles.Png(2, 2, 1, (_, _) => [2]));

        Assert.EndsWith("; left out: 1 .npz)", Open().Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ImageNetBatchTwice_CountsOnceAndSaysSo()
    {
        (string, byte[])[] batch =
        [
            ("data.npy", SampleFiles.Npy("|u1", false, "1, 3072", [.. Enumerable.Range(0, 3072).Select(i => (byte)i)])),
            ("labels.npy", Labels("1,", 5)),
        ];
        Write("train_data_batch_1.npz", batch);
        Write("train_data_batch_1 (1).npz", batch);

        var dataset = Open();

        Assert.Equal(1, dataset.ImageCount(4));
        Assert.EndsWith(
            "; left out: 'train_data_batch_1 (1).npz', the bytes of another file)", dataset.Description, StringComparison.Ordinal);
    }

    private static byte[] Labels(string shape, params ReadOnlySpan<byte> labels) => SampleFiles.Npy("|u1", false, shape, labels);

    private void Write(string name, params ReadOnlySpan<(string Name, byte[] Content)> arrays) =>
        Folder.Write(name, SampleFiles.Zip(CompressionLevel.Fastest, arrays));
}
