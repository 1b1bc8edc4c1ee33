using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using LoptCluster.Torch.Tests.Modules;
using Xunit;

namespace LoptCluster.Torch.Tests.InnerProblems;

/// <summary>Whole samples, states and evaluations through a torch module.</summary>
public sealed class TorchSlotTests
{
    private static readonly RunSpecification Torch = SmallProblem.Specification with
    {
        InnerProblem = InnerProblemKind.Torch,
        TorchModule = "net",
        InnerSteps = 60,
        TruncationFirst = 10,
        TruncationLast = 20,
        TruncationRampUpdates = 10,
        StepScale = 1e-2,
        ExponentScale = 1e-2,
        PerturbationStd = 0.01,
        EvaluationTasks = 2,
        ComparisonTasks = 2,
    };

    private static readonly RunSpecification Engine = Torch with { InnerProblem = InnerProblemKind.FullyConnected, TorchModule = "" };

    private static readonly IImageDataset Dataset = SmallProblem.Dataset;
    private static readonly ThetaSnapshot Theta = new(0, OptimizerFactory.InitialTheta(Torch));

    [LibtorchFact]
    public void Sample_OfTheSameState_IsTheEngines()
    {
        using var engine = new Slot(Engine, Dataset);
        using var sut = CreateSut();
        var state = engine.Begin(5);
        var same = new InnerState { ProblemId = 5, Horizon = state.Horizon, W = [.. state.W], M = [.. state.M] };
        for (int i = 0; i < 2; i++)
        {
            var expected = engine.Sample(state, Theta, default);
            var actual = sut.Sample(same, Theta, default);
            Assert.Equal(expected.Steps, actual.Steps);
            Assert.Equal(expected.PositiveLoss, actual.PositiveLoss, 1e-4);
            Assert.Equal(expected.NegativeLoss, actual.NegativeLoss, 1e-4);
            Assert.True(actual.RpValid);
            Assert.InRange(Batches.Distance(actual.GradientRp.Span, expected.GradientRp.Span), 0, 2e-3);
            Assert.InRange(Batches.Distance(same.W, state.W), 0, 1e-4);
            Assert.InRange(Batches.Distance(same.M, state.M), 0, 1e-3);
        }
    }

    [LibtorchFact]
    public void Sample_AgainAndReplayed_IsTheSameBits()
    {
        using Slot one = CreateSut(), another = CreateSut();
        var state = one.Begin(3);
        var first = one.Sample(state, Theta, default);
        // Another problem in between.
        another.Sample(another.Begin(4), Theta, default);
        var replayed = another.Begin(3);
        another.Replay(replayed, Theta, first.Steps, default);
        Assert.Equal(state.W, replayed.W);
        Assert.Equal(state.M, replayed.M);
        var again = another.Sample(another.Begin(3), Theta, default);
        Assert.Equal(first.GradientRp.ToArray(), again.GradientRp.ToArray());
        Assert.Equal(first.GradientEs.ToArray(), again.GradientEs.ToArray());
    }

    [LibtorchFact]
    public void Evaluation_IsRepeatable()
    {
        float[] theta = Theta.Values.ToArray();
        var one = TaskEvaluator.Evaluate(Torch, Dataset, theta, ClassSplit.OuterTest, 2, default, TestModules.All);
        var same = TaskEvaluator.Evaluate(Torch, Dataset, theta, ClassSplit.OuterTest, 2, default, TestModules.All);
        Assert.Equal(one.FinalLoss, same.FinalLoss);
        Assert.All(one.FinalLoss, l => Assert.InRange(l, 0.01, 10));
    }

    [Fact]
    public void ModuleThatTheProgramDoesNotHave_IsRefusedWithThoseThatItHas()
    {
        var error = Assert.Throws<UserErrorException>(() => TestModules.All.Create(Torch with { TorchModule = "other" }, new ImageShape(6, 1), 10));
        Assert.Contains("'other'", error.Message, StringComparison.Ordinal);
        Assert.Contains("net, convnet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EnginesOwnProblems_AreTheEngines()
    {
        using var problem = TestModules.All.Create(Engine, new ImageShape(6, 1), 10);
        Assert.IsType<LoptCluster.Engine.InnerProblems.FullyConnected.FullyConnectedProblem>(problem);
    }

    private static Slot CreateSut() => new(Torch, Dataset, problems: TestModules.All);
}
