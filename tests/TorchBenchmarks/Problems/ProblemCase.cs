using LoptCluster.Shared.Specification;

namespace LoptCluster.TorchBenchmarks.Problems;

/// <summary>What both sides compute: one sample of k inner-steps of an inner-problem of the paper.</summary>
/// <param name="Name">In tables and JSON.</param>
/// <param name="Specification">Of the run that such a sample belongs to; decides data, net, optimizer, k.</param>
internal sealed record ProblemCase(string Name, RunSpecification Specification)
{
    public int Steps => Specification.TruncationFirst;

    /// <summary>A convnet: the layout of images in memory matters.</summary>
    public bool HasImages => Specification.InnerProblem == InnerProblemKind.Convnet;

    /// <summary>The paper's convnet (App. D.2) on procedural 32 × 32 colour images.</summary>
    public static ProblemCase Convnet(int minibatchSize, OuterObjective objective, int steps) => new(
        $"convnet, batch {minibatchSize}",
        Common(minibatchSize, objective, steps) with { InnerProblem = InnerProblemKind.Convnet, ImageSize = 32, ImageChannels = 3 });

    /// <summary>The net of the quickstart, 196-32-32-10, on procedural 14 × 14 images.</summary>
    public static ProblemCase SmallMlp(OuterObjective objective, int steps) => new(
        "MLP 196-32-32-10, batch 64",
        Common(64, objective, steps) with
        {
            InnerProblem = InnerProblemKind.FullyConnected,
            HiddenUnits = [32, 32],
            ImageSize = 14,
            ImageChannels = 1,
        });

    /// <summary>The same without g_rp.</summary>
    public ProblemCase WithoutRp() => this with { Specification = Specification with { Estimator = Estimator.Es } };

    private static RunSpecification Common(int minibatchSize, OuterObjective objective, int steps) => new()
    {
        Dataset = DatasetKind.Procedural,
        MinibatchSize = minibatchSize,
        Objective = objective,
        TruncationFirst = steps,
        TruncationLast = steps,
        TruncationRampUpdates = 0,
        TruncationJitter = 0,
        Estimator = Estimator.Merged,
    };
}
