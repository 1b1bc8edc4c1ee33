using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;
using HeldState = LoptCluster.Engine.Unrolling.InnerState;

namespace LoptCluster.Worker.Tests;

/// <summary>A run whose truncations take milliseconds, and what the engine says its samples are.</summary>
internal static class SmallRun
{
    public const int Truncations = 4;

    /// <summary>T = 40 in truncations of 10.</summary>
    public static readonly RunSpecification Specification = new()
    {
        Name = "small",
        Dataset = DatasetKind.Procedural,
        ImageSize = 8,
        ImageChannels = 1,
        TaskClasses = 4,
        TrainImagesPerClass = 12,
        ValidImagesPerClass = 6,
        InnerProblem = InnerProblemKind.FullyConnected,
        HiddenUnits = [32],
        MinibatchSize = 8,
        StepScale = 0.01,
        InnerSteps = 40,
        TruncationFirst = 10,
        TruncationLast = 10,
        TruncationRampUpdates = 0,
        TruncationJitter = 0,
        BatchSamples = 2,
    };

    /// <summary>A problem that few tests see the end of: 100 truncations.</summary>
    public static readonly RunSpecification Long = Specification with { InnerSteps = 1000 };

    public static readonly RunSpecification Synchronous = Long with { Mode = RunMode.Synchronous };

    public static readonly IImageDataset Dataset = DatasetCatalog.Open(Specification, null);

    private static readonly float[] Values = OptimizerFactory.InitialTheta(Specification);

    /// <summary>Another θ for each version.</summary>
    public static ThetaSnapshot Theta(long version) => new(version, Values.Select(v => v * (1 + (0.01f * version))).ToArray());

    /// <summary>The samples of a problem, one for each of these versions of θ, and the state after the last.</summary>
    public static (List<GradientSample> Samples, HeldState State) Compute(RunSpecification specification, long problemId, params IEnumerable<long> versions)
    {
        using var slot = new Slot(specification, Dataset);
        var state = slot.Begin(problemId);
        List<GradientSample> samples = [.. versions.Select(v => slot.Sample(state, Theta(v), default))];
        return (samples, state);
    }

    /// <summary>Bit for bit, but for the times.</summary>
    public static void AssertSame(GradientSample expected, Sample actual)
    {
        var wire = SampleWire.ToProto(expected, actual.SpecificationHash);
        wire.Seconds = actual.Seconds;
        wire.RpSeconds = actual.RpSeconds;
        Assert.Equal(wire, actual);
    }

    public static InnerStateBlob Blob(HeldState state) => new()
    {
        ProblemId = state.ProblemId,
        NextTruncation = state.NextTruncation,
        InnerStep = state.InnerStep,
        W = FloatBytes.Pack(state.W),
        M = FloatBytes.Pack(state.M),
    };
}
