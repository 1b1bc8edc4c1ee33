using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;

namespace LoptCluster.Engine.Tests.Evaluation;

/// <summary>A small problem with a few steps more and a comparison of five tasks.</summary>
internal static class SmallEvaluation
{
    public static RunSpecification Specification { get; } =
        SmallProblem.Specification with { InnerSteps = 60, CurveEverySteps = 7, ComparisonTasks = 5 };

    public static IImageDataset Dataset => SmallProblem.Dataset;
}
