using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

/// <summary>Relatives of MNIST as torchvision and their authors leave them: Fashion-MNIST, KMNIST, QMNIST, EMNIST.</summary>
public sealed class IdxRelativesTests : FilesTest
{
    private static readonly byte[] TwoImages = SampleFiles.Idx(0x803, [2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8);

    [Theory]
    [InlineData("FashionMNIST/raw", "FashionMNIST (2 images, 10 classes")]
    [InlineData("KMNIST/raw", "KMNIST (2 images")]
    [InlineData("fashion-mnist", "fashion-mnist (2 images")]
    [InlineData("raw", "MNIST (2 images")]
    public void Open_FilesCalledAsThoseOfMnist_HaveTheNameOfTheirFolder(string folder, string expected)
    {
        Write($"{folder}/train", "idx1-ubyte", SampleFiles.Idx(0x801, [2], 3, 7));

        Assert.StartsWith(expected, Open().Description, StringComparison.Ordinal);
    }

    /// <summary>torchvision keeps the packed files.</summary>
    [Fact]
    public void Open_PackedBesideUnpacked_AreReadOnce()
    {
        byte[] labels = SampleFiles.Idx(0x801, [2], 3, 7);
        Write("MNIST/raw/train", "idx1-ubyte", labels);
        Folder.Write("MNIST/raw/train-images-idx3-ubyte.gz", SampleFiles.GZip(TwoImages));
        Folder.Write("MNIST/raw/train-labels-idx1-ubyte.gz", SampleFiles.GZip(labels));

        Assert.Equal("MNIST (2 images, 10 classes, 2×2 grey; not there: 't10k-images-idx3-ubyte')", Open().Description);
    }

    [Fact]
    public void Open_EmnistLetters_CountFromOne_AndStandUpright()
    {
        Write("gzip/emnist-letters-train", "idx1-ubyte", SampleFiles.Idx(0x801, [2], 1, 26), ".gz");
        Write("gzip/emnist-letters-test", "idx1-ubyte", SampleFiles.Idx(0x801, [2], 1, 2), ".gz");
        Folder.Write("gzip/emnist-letters-mapping.txt", 1);

        var dataset = Open();

        Assert.Equal("EMNIST letters (4 images, 26 classes, 2×2 grey)", dataset.Description);
        Assert.Equal([1, 3, 2, 4, 1, 3, 2, 4], dataset.ClassImages(0).ToArray());
        Assert.Equal([5, 7, 6, 8], dataset.ClassImages(25).ToArray());
    }

    [Theory]
    [InlineData("balanced", 46, 47)]
    [InlineData("byclass", 61, 62)]
    [InlineData("bymerge", 46, 47)]
    [InlineData("digits", 9, 10)]
    [InlineData("mnist", 9, 10)]
    public void Open_EmnistSplit_HasItsClasses(string split, byte last, int classes)
    {
        Write($"emnist-{split}-train", "idx1-ubyte", SampleFiles.Idx(0x801, [2], 0, last));
        Assert.Equal(classes, Open().ClassCount);

        Folder.Write($"emnist-{split}-train-labels-idx1-ubyte", SampleFiles.Idx(0x801, [2], 0, (byte)(last + 1)));
        AssertRefused($"byte 9: expected a label of 0 to {last}, found {last + 1}", "https://www.nist.gov/");
    }

    [Fact]
    public void Open_EmnistLetterZero_IsRefused()
    {
        Write("emnist-letters-train", "idx1-ubyte", SampleFiles.Idx(0x801, [2], 1, 0));
        AssertRefused("byte 9: expected a label of 1 to 26, found 0");
    }

    [Fact]
    public void Open_SeveralSplitsOfEmnist_AreNamed_AndTheAdviceHelps()
    {
        foreach (string split in (string[])["digits", "letters"])
            Write($"EMNIST/raw/emnist-{split}-train", "idx1-ubyte", SampleFiles.Idx(0x801, [2], 1, 2));
        AssertRefused(
            "holds 2 datasets: EMNIST digits, EMNIST letters. Move the files of the one that is meant (emnist-digits-…) to a folder");

        string own = Folder.PathOf("digits");
        Directory.CreateDirectory(own);
        foreach (string file in Directory.GetFiles(Folder.PathOf("EMNIST/raw"), "emnist-digits-*"))
            File.Move(file, Path.Combine(own, Path.GetFileName(file)));

        Assert.StartsWith("EMNIST digits (2", DatasetCatalog.Open(AsStored, own).Description, StringComparison.Ordinal);
    }

    /// <summary>Labels are rows of eight numbers of 32 bits: class, series, writer, …</summary>
    [Fact]
    public void Open_Qmnist_HasTheFirstColumnAsLabel()
    {
        byte[] rows = new byte[2 * 8 * 4];
        (rows[3], rows[7], rows[35], rows[39]) = (3, 99, 7, 99);
        Write("QMNIST/raw/qmnist-test", "idx2-int", SampleFiles.Idx(0xC02, [2, 8], rows));

        var dataset = Open();

        Assert.StartsWith("QMNIST (2 images, 10 classes", dataset.Description, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4], dataset.ClassImages(3).ToArray());
        Assert.Equal([5, 6, 7, 8], dataset.ClassImages(7).ToArray());
    }

    /// <summary>The message names a letter as its label, not by the place of its class.</summary>
    [Fact]
    public void Open_LetterWithOneImage_IsCalledByItsLabel()
    {
        Write("emnist-letters-train", "idx1-ubyte", SampleFiles.Idx(0x801, [2], 1, 1));

        string message = Assert.Throws<UserErrorException>(() => new TaskDistribution(Open(), new RunSpecification())).Message;

        Assert.StartsWith("Class 2 of EMNIST letters", message, StringComparison.Ordinal);
    }

    private void Write(string part, string labelsEnding, byte[] labels, string ending = "")
    {
        bool packed = ending.Length > 0;
        Folder.Write($"{part}-images-idx3-ubyte{ending}", packed ? SampleFiles.GZip(TwoImages) : TwoImages);
        Folder.Write($"{part}-labels-{labelsEnding}{ending}", packed ? SampleFiles.GZip(labels) : labels);
    }
}
