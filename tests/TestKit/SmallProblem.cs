using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;

namespace LoptCluster.TestKit;

/// <summary>Tiny images and a tiny net, so that a whole inner-problem takes milliseconds: the base of the tests' specifications.</summary>
public static class SmallProblem
{
    public static RunSpecification Specification { get; } = new()
    {
        Name = "small",
        Dataset = DatasetKind.Procedural,
        ImageSize = 6,
        ImageChannels = 1,
        TaskClasses = 4,
        TrainImagesPerClass = 12,
        ValidImagesPerClass = 6,
        InnerProblem = InnerProblemKind.FullyConnected,
        HiddenUnits = [8],
        MinibatchSize = 8,
    };

    public static IImageDataset Dataset { get; } = DatasetCatalog.Open(Specification, null);
}
