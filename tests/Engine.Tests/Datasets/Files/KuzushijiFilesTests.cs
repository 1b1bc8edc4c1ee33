using System.IO.Compression;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

/// <summary>npz files of KMNIST and Kuzushiji-49 as their authors publish them: one array in each.</summary>
public sealed class KuzushijiFilesTests : FilesTest
{
    [Theory]
    [InlineData("kmnist", "KMNIST")]
    [InlineData("k49", "Kuzushiji-49")]
    public void Open_FourFiles_ReadsBothParts(string set, string name)
    {
        Write($"{set}-test-imgs", "1, 2, 2", 9, 10, 11, 12);
        Write($"{set}-test-labels", "1,", 7);
        Write($"{set}-train-imgs", "2, 2, 2", 1, 2, 3, 4, 5, 6, 7, 8);
        Write($"{set}-train-labels", "2,", 7, 3);
        Folder.Write($"{set}_classmap.csv", 1);

        var dataset = Open();

        Assert.Equal($"{name} (3 images, 2 classes, 2×2 grey)", dataset.Description);
        Assert.Equal([5, 6, 7, 8], dataset.ClassImages(0).ToArray());
        Assert.Equal([1, 2, 3, 4, 9, 10, 11, 12], dataset.ClassImages(1).ToArray());
    }

    [Fact]
    public void Open_ImagesWithoutLabels_AreRefused()
    {
        Write("kmnist-train-imgs", "1, 1, 1", 1);
        AssertRefused("kmnist-train-labels.npz' is missing beside 'kmnist-train-imgs.npz'. Download it again: KMNIST is published at ");
    }

    [Fact]
    public void Open_LabelsOfAnotherNumber_AreRefusedByTheirFile()
    {
        Write("kmnist-train-imgs", "1, 1, 1", 1);
        Write("kmnist-train-labels", "2,", 1, 2);
        AssertRefused("kmnist-train-imgs.npz/arr_0.npy', byte 0: expected 2 images, as kmnist-train-labels.npz has labels, found 1");
    }

    [Fact]
    public void Open_BothSets_AreNamed()
    {
        foreach (string set in (string[])["kmnist", "k49"])
        {
            Write($"{set}-train-imgs", "1, 1, 1", 1);
            Write($"{set}-train-labels", "1,", 1);
        }

        AssertRefused("holds several datasets, 'k49-train-imgs.npz', 'kmnist-train-imgs.npz'. Move the one that is meant");
    }

    private void Write(string name, string shape, params ReadOnlySpan<byte> data) => Folder.Write(
        $"{name}.npz", SampleFiles.Zip(CompressionLevel.Fastest, ("arr_0.npy", SampleFiles.Npy("|u1", false, shape, data))));
}
