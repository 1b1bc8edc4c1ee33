using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets;

/// <summary>Image sets as people have them, where they lie beside the checkout.</summary>
public sealed class DatasetCaseTests
{
    private static readonly RunSpecification AsStored = new() { Dataset = DatasetKind.Files, ImageSize = 0, ImageChannels = 0 };

    [Theory]
    [InlineData("plain", "colour)")]
    [InlineData("grey-first", "colour)")]
    [InlineData("orientation", "colour)")]
    [InlineData("text-chunk-checksum", "colour)")]
    [InlineData("lost-and-found", "colour)")]
    [InlineData("gzip-two-members", "grey; not there: 't10k-images-idx3-ubyte')")]
    [InlineData("mnist-two-levels-down", "grey; not there: 't10k-images-idx3-ubyte')")]
    [InlineData("webp-among-png", "colour; left out: 12 .webp)")]
    [InlineData("cifar-batch-twice", "', …; left out: 'data_batch_1 (1).bin', the bytes of another file)")]
    public void Open_IsRead_AndSaysWhatWasLeftOut(string folder, string ending) =>
        Assert.EndsWith(ending, DatasetCatalog.Open(AsStored, Find(folder)).Description, StringComparison.Ordinal);

    [Fact]
    public void Open_JpegCutBehindItsThumbnail_IsRefused()
    {
        var error = Assert.Throws<UserErrorException>(() => DatasetCatalog.Open(AsStored, Find("jpeg-cut-behind-thumbnail")));
        Assert.Contains("expected the end mark of a JPEG (FF D9), found the end of the file", error.Message, StringComparison.Ordinal);
    }

    /// <summary>All are stored red on the left; the second of each class says that it lies on its side (6: turn it clockwise).</summary>
    [Fact]
    public void Open_Orientation_IsTurned()
    {
        var dataset = DatasetCatalog.Open(AsStored, Find("orientation"));
        var (size, length) = (dataset.Shape.Size, dataset.Shape.Length);
        for (int c = 0; c < dataset.ClassCount; c++)
        {
            byte[] stored = dataset.ClassImages(c)[..length].ToArray(), turned = dataset.ClassImages(c).Slice(length, length).ToArray();
            Assert.True(Red(stored, i => i % size < size / 2) > 5 * Red(stored, i => i % size >= size / 2));
            Assert.True(Red(turned, i => i / size < size / 2) > 5 * Red(turned, i => i / size >= size / 2));
        }

        static double Red(byte[] pixels, Func<int, bool> isIn) =>
            pixels.Where((_, i) => i % 3 == 0).Where((_, pixel) => isIn(pixel)).Average(p => p);
    }

    private static string Find(string folder)
    {
        string path = Repository.PathOf($"../shared/cases/data/{folder}");
        Assert.SkipUnless(Directory.Exists(path), "../shared/cases is not there.");
        return path;
    }
}
