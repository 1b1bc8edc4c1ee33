using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Tests.Evaluation;

/// <summary>A run whose inner-problems take milliseconds.</summary>
internal static class SmallEvaluation
{
    public static RunSpecification Specification { get; } = new()
    {
        Dataset = DatasetKind.Procedural,
        ImageSize = 6,
        ImageChannels = 1,
        TrainImagesPerClass = 12,
        ValidImagesPerClass = 6,
        TaskClasses = 4,
        InnerProblem = InnerProblemKind.FullyConnected,
        HiddenUnits = [8],
        MinibatchSize = 8,
        InnerSteps = 60,
        CurveEverySteps = 7,
        ComparisonTasks = 5,
    };

    public static IImageDataset Dataset { get; } = DatasetCatalog.Open(Specification, null);
}
