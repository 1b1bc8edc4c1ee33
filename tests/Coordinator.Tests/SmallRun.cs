using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Tests;

/// <summary>A specification whose updates need few samples. Samples are fabricated, so its problems are never computed.</summary>
internal static class SmallRun
{
    /// <summary>k of every truncation.</summary>
    public const int Steps = 5;

    /// <summary>S.</summary>
    public const int Batch = 4;

    public static RunSpecification Specification { get; } = new()
    {
        Name = "small",
        InnerProblem = InnerProblemKind.FullyConnected,
        BatchSamples = Batch,
        InnerSteps = 4 * Steps,
        TruncationFirst = Steps,
        TruncationLast = Steps,
        TruncationRampUpdates = 0,
        TruncationJitter = 0,
        OuterUpdates = 1000,
        OuterLearningRate = 1e-2,
        EvaluateEveryUpdates = 0,
    };

    public static RunSpecification Synchronous { get; } = Specification with { Mode = RunMode.Synchronous };
}
