using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

/// <summary>Every family of inner-problems and of optimizers, and every estimator, goes on bit for bit on another worker.</summary>
public sealed class ResumptionTests
{
    private static readonly RunSpecification Base = SmallRun.Specification with
    {
        InnerSteps = 60,
        TruncationLast = 12,
        TruncationRampUpdates = 10,
        TruncationJitter = 0.2,
        ExponentScale = 0.01,
    };

    private static readonly Dictionary<string, RunSpecification> Problems = new()
    {
        ["fully connected"] = Base with { HiddenUnits = [8, 6] },
        ["fully connected, training loss"] = Base with { Objective = OuterObjective.Train },
        ["fully connected, noise on labels and inputs"] = Base with { LabelNoise = 0.2, InputNoise = 0.3 },
        ["convnet"] = Base with { InnerProblem = InnerProblemKind.Convnet, ConvChannels = 4, ConvStrides = [2, 1] },
        ["convnet, batch normalization"] =
            Base with { InnerProblem = InnerProblemKind.Convnet, ConvChannels = 4, ConvStrides = [2, 1], BatchNorm = true },
        ["quadratic"] = Base with { InnerProblem = InnerProblemKind.Quadratic },
        ["mixture of nets"] = PresetCatalog.Load("mixture"),
        ["mixture of convnets"] = PresetCatalog.Load("mixture-conv"),
    };

    public static TheoryData<string> ProblemNames => [.. Problems.Keys];

    public static TheoryData<Estimator> Estimators => [.. Enum.GetValues<Estimator>()];

    public static TheoryData<string> Optimizers => [.. OptimizerFamilies.All.Where(f => !f.Kind.IsSearchOnly()).Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(ProblemNames))]
    public void State_OfAnyInnerProblem_GoesOnBitForBit(string name) => AssertExact(Problems[name]);

    [Theory]
    [MemberData(nameof(Estimators))]
    public void State_OfAnyEstimator_GoesOnBitForBit(Estimator estimator) => AssertExact(Base with { Estimator = estimator });

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void State_OfAnyOptimizer_GoesOnBitForBit(string name) =>
        AssertExact(Base with { Optimizer = OptimizerFamilies.Find(name)!.Kind, HiddenUnits = [8, 6] });

    private static void AssertExact(RunSpecification run) => Resumption.AssertExact(run, DatasetCatalog.OpenRun(run, null));
}
