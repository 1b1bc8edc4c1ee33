using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets;

/// <summary>The published files, where they lie beside the checkout.</summary>
public sealed class RealDataTests
{
    private static readonly RunSpecification AsStored = new() { Dataset = DatasetKind.Files, ImageSize = 0, ImageChannels = 0 };

    [Fact]
    public void Open_Cifar10_HasItsPublishedStatistics()
    {
        var dataset = DatasetCatalog.Open(AsStored, Find("cifar-10-batches-bin"));
        Assert.Equal(10, dataset.ClassCount);
        Assert.Equal(new ImageShape(32, 3), dataset.Shape);
        // Published channel means of the training images, in bytes: 125.3, 123.0, 113.9; standard deviations 63.0, 62.1, 66.7.
        double[] means = [125.3, 123.0, 113.9], deviations = [63.0, 62.1, 66.7];
        for (int channel = 0; channel < 3; channel++)
        {
            Assert.Equal(means[channel], -dataset.Offset[channel] / dataset.Scale[channel], 1.0);
            Assert.Equal(deviations[channel], 1 / dataset.Scale[channel], 1.0);
        }
    }

    [Fact]
    public void Open_Mnist_HasItsPublishedCounts()
    {
        var dataset = DatasetCatalog.Open(AsStored, Find("mnist"));
        Assert.Equal(new ImageShape(28, 1), dataset.Shape);
        // Test images of each digit; with the training images too there are more.
        int[] counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
        for (int digit = 0; digit < 10; digit++) Assert.True(dataset.ImageCount(digit) >= counts[digit]);
        Assert.Equal(33.3, -dataset.Offset[0] / dataset.Scale[0], 1.0);
    }

    [Fact]
    public void Sample_Mnist14_MakesTasksOfThreeDigits()
    {
        var specification = AsStored with { ImageSize = 14, ImageChannels = 1 };
        var tasks = new TaskDistribution(DatasetCatalog.Open(specification, Find("mnist")), specification);
        Assert.Equal(3, tasks.ClassesPerTask);
        using var minibatches = new TaskMinibatches(tasks.Sample(ClassSplit.OuterTest, 0), 64, 1, 0);
        Assert.Equal(64 * 14 * 14, minibatches.Inner(0).Inputs.Length);
    }

    /// <summary>shared/data/NAME beside any folder above the test.</summary>
    private static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", name);
            if (Directory.Exists(path)) return path;
        }

        Assert.Skip($"../shared/data/{name} is not there.");
        return "";
    }
}
