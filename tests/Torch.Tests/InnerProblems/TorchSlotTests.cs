using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
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
    private static readonly PublishedTheta Theta = new(new ThetaSnapshot(0, OptimizerFactory.InitialTheta(Torch)), SamplePlan.All);

    [LibtorchFact]
    public void Measure_OfTheSameState_IsTheEngines()
    {
        using var engine = new Slot(Engine, Dataset);
        using var sut = CreateSut();
        var state = engine.Begin(5);
        var (particle, same) = (state.Particles[0], sut.Begin(5));
        same.Particles[0].Set(particle.W, particle.M);
        for (int i = 0; i < 2; i++)
        {
            var expected = engine.Measure(state, Theta, default);
            var actual = sut.Measure(same, Theta, default);
            Assert.Equal(expected.Steps, actual.Steps);
            Assert.Equal(expected.Losses[0], actual.Losses[0], 1e-4);
            Assert.Equal(expected.Losses[1], actual.Losses[1], 1e-4);
            var (engineRp, torchRp) = (expected.Measured(EstimatorId.Rp)!, actual.Measured(EstimatorId.Rp)!);
            Assert.True(torchRp.IsFinite);
            Assert.InRange(Batches.Distance(torchRp.Values.Span, engineRp.Values.Span), 0, 2e-3);
            Assert.InRange(Batches.Distance(same.Particles[0].W, particle.W), 0, 1e-4);
            Assert.InRange(Batches.Distance(same.Particles[0].M, particle.M), 0, 1e-3);
        }
    }

    [LibtorchFact]
    public void Measure_AgainAndRecomputed_IsTheSameBits()
    {
        using Slot one = CreateSut(), another = CreateSut();
        var state = one.Begin(3);
        var first = one.Measure(state, Theta, default);
        // Another problem in between.
        another.Measure(another.Begin(4), Theta, default);
        var recomputed = another.Begin(3);
        another.Recompute(recomputed, Theta.Theta, first.Steps, default);
        Assert.Equal(state.Particles[0].W, recomputed.Particles[0].W);
        Assert.Equal(state.Particles[0].M, recomputed.Particles[0].M);
        var again = another.Measure(another.Begin(3), Theta, default);
        Assert.Equal(first.Gradients[0].Values.ToArray(), again.Gradients[0].Values.ToArray());
        Assert.Equal(first.Losses, again.Losses);
    }

    [LibtorchFact]
    public void State_OfAModule_GoesOnBitForBit() => Resumption.AssertExact(Torch, Dataset, TestModules.All);

    [LibtorchFact]
    public void Evaluation_IsRepeatable()
    {
        float[] theta = Theta.Theta.Values.ToArray();
        var one = TaskEvaluator.Evaluate(Torch, Dataset, theta, ClassSplit.OuterTest, 2, default, TestModules.All);
        var same = TaskEvaluator.Evaluate(Torch, Dataset, theta, ClassSplit.OuterTest, 2, default, TestModules.All);
        Assert.Equal(one.FinalLoss, same.FinalLoss);
        Assert.All(one.FinalLoss, l => Assert.InRange(l, 0.01, 10));
    }

    [Fact]
    public void ModuleThatTheProgramDoesNotHave_IsRefusedWithThoseThatItHas()
    {
        var error = Assert.Throws<UserErrorException>(
            () => TestModules.All.Create(Torch with { TorchModule = "other" }, new ImageShape(6, 1), 10));
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
