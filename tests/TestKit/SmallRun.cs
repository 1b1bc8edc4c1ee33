using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.TestKit;

/// <summary>A run of small problems whose outer-updates need few samples.</summary>
public static class SmallRun
{
    /// <summary>k of every truncation.</summary>
    public const int Steps = 5;

    /// <summary>Truncations of a whole problem.</summary>
    public const int Truncations = 4;

    /// <summary>S, samples of an outer-update.</summary>
    public const int Batch = 4;

    public static RunSpecification Specification { get; } = SmallProblem.Specification with
    {
        StepScale = 0.01,
        BatchSamples = Batch,
        InnerSteps = Truncations * Steps,
        TruncationFirst = Steps,
        TruncationLast = Steps,
        TruncationRampUpdates = 0,
        TruncationJitter = 0,
        OuterUpdates = 1000,
        OuterLearningRate = 1e-2,
        EvaluateEveryUpdates = 0,
        AuditShare = 0,
    };

    public static RunSpecification Synchronous { get; } = Specification with { Mode = RunMode.Synchronous };

    /// <summary>The run with problems that few tests see the end of: 200 truncations.</summary>
    public static RunSpecification Long { get; } = Specification with { InnerSteps = 200 * Steps };

    public static IImageDataset Dataset => SmallProblem.Dataset;

    private static float[] InitialTheta { get; } = OptimizerFactory.InitialTheta(Specification);

    /// <summary>A θ that differs from version to version.</summary>
    public static PublishedTheta Theta(long version) =>
        new(new ThetaSnapshot(version, InitialTheta.Select(v => v * (1 + (0.01f * version))).ToArray()), SamplePlan.All);
}
