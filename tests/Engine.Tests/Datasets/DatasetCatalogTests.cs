using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Tests.Datasets.Files;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets;

public sealed class DatasetCatalogTests : FilesTest
{
    [Fact]
    public void Open_Procedural_NeedsNoFolder()
    {
        var specification = new RunSpecification { Dataset = DatasetKind.Procedural, ImageSize = 8, ImageChannels = 1 };
        Assert.Equal(1000, DatasetCatalog.Open(specification, null).ClassCount);
    }

    [Fact]
    public void Open_FilesWithoutFolder_AsksForOne()
    {
        string message = Assert.Throws<UserErrorException>(() => DatasetCatalog.Open(AsStored, null)).Message;
        Assert.Contains("--data", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Open_FolderMissing_NamesIt()
    {
        string path = Path.Combine(Folder.Path, "nowhere");
        Assert.Contains(
            path, Assert.Throws<UserErrorException>(() => DatasetCatalog.Open(AsStored, path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EmptyFolder_SaysWhatIsKnownAndWhereItIsPublished() =>
        AssertRefused(
            Folder.Path,
            "found nothing",
            "https://www.cs.toronto.edu/~kriz/cifar.html",
            "http://yann.lecun.com/exdb/mnist/",
            "https://image-net.org/download-images");

    [Fact]
    public void Open_UnknownFiles_ListsThem()
    {
        Folder.Write("data.csv", 1);
        AssertRefused("found data.csv.");
    }

    [Fact]
    public void Open_FolderAboveTheDataset_FindsIt()
    {
        Folder.Write("cifar-10-batches-bin/test_batch.bin", SampleFiles.CifarRecord([1], 1, 2, 3));
        Assert.StartsWith("CIFAR-10 (1 images", Open().Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PackedArchive_SaysToUnpack()
    {
        Folder.Write("cifar-10-binary.tar.gz", 1);
        AssertRefused("Unpack the archive first");
    }

    [Fact]
    public void Open_TwoChannels_IsRefused()
    {
        Folder.Write("test_batch.bin", SampleFiles.CifarRecord([1], 1, 2, 3));
        string message = Assert.Throws<UserErrorException>(() => Open(AsStored with { ImageChannels = 2 })).Message;
        Assert.Contains("imageChannels '2'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Files_StandardisesEachChannelAndHashesContent()
    {
        Folder.Write("test_batch.bin", [.. SampleFiles.CifarRecord([1], 10, 7, 0), .. SampleFiles.CifarRecord([2], 30, 7, 255)]);
        var dataset = Open();
        // Red is 10 or 30: mean 20, standard deviation 10. Green is always 7.
        Assert.Equal(-1, (10 * dataset.Scale[0]) + dataset.Offset[0], 1e-6);
        Assert.Equal(1, (30 * dataset.Scale[0]) + dataset.Offset[0], 1e-6);
        Assert.Equal(0, (7 * dataset.Scale[1]) + dataset.Offset[1], 1e-6);
        Assert.Equal(1, (255 * dataset.Scale[2]) + dataset.Offset[2], 1e-6);

        string before = dataset.Fingerprint;
        Assert.Equal(before, Open().Fingerprint);
        Assert.NotEqual(before, Open(AsStored with { ImageChannels = 1 }).Fingerprint);
        Folder.Write("test_batch.bin", [.. SampleFiles.CifarRecord([1], 10, 7, 1), .. SampleFiles.CifarRecord([2], 30, 7, 255)]);
        Assert.NotEqual(before, Open().Fingerprint);
    }
}
