using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

/// <summary>Folders in folders: which of them are classes, which are datasets, and what is said of the others.</summary>
public sealed class LayoutTests : FilesTest
{
    [Theory]
    [InlineData("train", "test")]
    [InlineData("Train", "val")]
    [InlineData("images", "masks")]
    [InlineData("train", "validation")]
    public void Open_PartsInPlaceOfClasses_AreRefused(string first, string second)
    {
        Folder.Write($"{first}/1.png", Grey(1));
        Folder.Write($"{second}/2.png", Grey(2));
        Folder.Write("labels.csv", 1);

        AssertRefused(
            $"'{first}'", $"'{second}'", "which are parts of a dataset and not classes. Sort the images into a folder for each class");
    }

    /// <summary>As competitions have it: what is to be predicted is in no folder of a class.</summary>
    [Fact]
    public void Open_ClassesBesideImagesWithoutAny_AreRead()
    {
        Folder.Write("train/cat/1.png", Grey(1));
        Folder.Write("train/dog/1.png", Grey(2));
        Folder.Write("test/1.png", Grey(3));

        Assert.Equal("train (2 images, 2 classes, 8×8 grey; left out: the folder 'test')", Open().Description);
    }

    [Fact]
    public void Open_ClassOfFoldersBesideOneOfImages_IsRefused()
    {
        Folder.Write("cat/1.png", Grey(1));
        Folder.Write("dog/small/1.png", Grey(2));

        AssertRefused("/dog' holds no images that can be read, but the folder 'small'.");
    }

    [Fact]
    public void Open_AllImagesInOneFolder_IsRefused()
    {
        Folder.Write("images/1.png", Grey(1));
        Folder.Write("labels.csv", 1);

        AssertRefused("has images in one folder only, 'images'. Sort the images into a folder for each class");
    }

    /// <summary>A stray image above the classes does not make a class of their folder.</summary>
    [Fact]
    public void Open_StrayImageBesideClasses_IsCounted()
    {
        Folder.Write("train/preview.png", Grey(9));
        Folder.Write("train/cat/1.png", Grey(1));
        Folder.Write("train/dog/1.png", Grey(2));

        Assert.Equal("train (2 images, 2 classes, 8×8 grey; left out: 1 .png)", Open().Description);
    }

    [Fact]
    public void Open_FolderWithinAClass_IsNamed()
    {
        Folder.Write("cat/1.png", Grey(1));
        Folder.Write("cat/more/2.png", Grey(3));
        Folder.Write("cat/.cache/2.png", Grey(3));
        Folder.Write("dog/1.png", Grey(2));

        Assert.EndsWith("; left out: the folder 'more')", Open().Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FoldersOfOneNameWithinClasses_AreCounted()
    {
        foreach (string name in (string[])["cat", "cow", "dog"])
        {
            Folder.Write($"{name}/1.png", Grey(1));
            Folder.Write($"{name}/thumbs/1.png", Grey(1));
        }

        Assert.EndsWith("; left out: 3 folders 'thumbs')", Open().Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ThreeLevelsOfClasses_AreNamed()
    {
        foreach (string path in (string[])["animals/cat", "animals/dog", "cars/red", "cars/blue"]) Folder.Write($"{path}/1.png", Grey(1));
        AssertRefused("2 folders below it do: 'animals', 'cars'. Name one of them.");
    }

    /// <summary>As Tiny-ImageNet is laid out: the images of val and test are in no folder of a class.</summary>
    [Fact]
    public void Open_FoldersBesideTheDataset_AreNamed()
    {
        Folder.Write("tiny/train/n01/images/n01_0.png", Grey(1));
        Folder.Write("tiny/train/n02/images/n02_0.png", Grey(2));
        Folder.Write("tiny/train/n02/n02_boxes.txt", 1);
        Folder.Write("tiny/val/images/val_0.png", Grey(3));
        Folder.Write("tiny/test/images/test_0.png", Grey(4));
        Folder.Write("tiny/wnids.txt", 1);
        Folder.Write("tiny.zip", 1);

        Assert.EndsWith(
            "; left out: 1 .txt, 1 .zip, 1 .txt, the folders 'test', 'val')", Open().Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TwoDatasetsInOneFolder_AreNamed()
    {
        Folder.Write("data_batch_1.bin", SampleFiles.CifarRecord([1], 1, 2, 3));
        Folder.Write("train-images-idx3-ubyte", SampleFiles.Idx(0x803, [1, 1, 1], 1));
        Folder.Write("train-labels-idx1-ubyte", SampleFiles.Idx(0x801, [1], 1));

        AssertRefused("holds 2 datasets: CIFAR-10 ('data_batch_1.bin', …), MNIST ('train-images-idx3-ubyte', …). Move the files of");
    }

    [Fact]
    public void Open_OtherFilesBesideBatches_AreCounted()
    {
        Folder.Write("data_batch_1.bin", [.. SampleFiles.CifarRecord([1], 1, 2, 3), .. SampleFiles.CifarRecord([1], 1, 2, 3)]);
        Folder.Write("batches.meta.txt", 1);
        Folder.Write("data_batch_2.bin.crdownload", 1);
        Folder.Write("cats/1.png", Grey(1));

        Assert.EndsWith("; left out: 1 .crdownload, the folder 'cats')", Open().Description, StringComparison.Ordinal);
    }

    /// <summary>It is not passed over for the whole one beside it.</summary>
    [Fact]
    public void Open_DamagedDatasetBelow_IsRefusedByName()
    {
        Folder.Write("MNIST/raw/train-images-idx3-ubyte", SampleFiles.Idx(0x803, [1, 1, 1], 1));
        AssertRefused("MNIST/raw/train-labels-idx1-ubyte' (or .gz) is missing");

        Folder.Write("FashionMNIST/raw/train-images-idx3-ubyte", SampleFiles.Idx(0x803, [1, 1, 1], 1));
        Folder.Write("FashionMNIST/raw/train-labels-idx1-ubyte", SampleFiles.Idx(0x801, [1], 1));
        AssertRefused("2 folders below it do: 'FashionMNIST/raw', 'MNIST/raw'. Name one of them.");
    }

    [Fact]
    public void Open_LinkToAFolderAbove_EndsTheSearch()
    {
        Folder.Write("notes.txt", 1);
        Directory.CreateSymbolicLink(Folder.PathOf("loop"), Folder.Path);
        AssertRefused("holds no known dataset", "found loop, notes.txt.");
    }

    [Fact]
    public void Open_LinkWithoutAFile_IsRefusedByName()
    {
        Folder.Write("a/1.png", Grey(1));
        Folder.Write("b/1.png", Grey(1));
        File.CreateSymbolicLink(Folder.PathOf("b/2.png"), Folder.PathOf("gone.png"));
        AssertRefused("b/2.png', byte 0: expected readable data, found unreadable data");
    }

    /// <summary>Endings in capitals, and two names that differ in them alone; names of other alphabets.</summary>
    [Fact]
    public void Open_NamesOfAllKinds_AreRead()
    {
        Folder.Write("Ähren/1.JPG", SampleFiles.GreyJpeg());
        Folder.Write("Ähren/1.jpg", SampleFiles.GreyJpeg());
        Folder.Write("犬/ø 1.PNG", Grey(2));

        var dataset = Open();

        Assert.Equal(("'Ähren'", "'犬'"), (dataset.ClassName(0), dataset.ClassName(1)));
        Assert.Equal((2, 1), (dataset.ImageCount(0), dataset.ImageCount(1)));
    }

    [Fact]
    public void Open_ClassWithOneImage_IsCalledByItsFolder()
    {
        foreach (string path in (string[])["cat/1", "cat/2", "cow/1", "dog/1", "dog/2", "owl/1", "owl/2"])
            Folder.Write($"{path}.png", Grey((byte)path.Length));
        Folder.Write("cow/1.png", Grey(7));

        string message = Assert.Throws<UserErrorException>(
            () => new TaskDistribution(Open(), new RunSpecification { OuterTrainShare = 0.5 })).Message;

        Assert.StartsWith("Class 'cow' of ", message, StringComparison.Ordinal);
        Assert.EndsWith("add images, or remove the class.", message, StringComparison.Ordinal);
    }

    private static byte[] Grey(byte value) => SampleFiles.Png(8, 8, 1, (x, _) => [(byte)(value + x)]);
}
