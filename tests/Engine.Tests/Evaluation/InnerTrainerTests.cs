using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation;

public sealed class InnerTrainerTests
{
    private static readonly RunSpecification Specification = SmallEvaluation.Specification;
    private static readonly IImageDataset Dataset = SmallEvaluation.Dataset;

    [Fact]
    public void Run_SameTaskTwice_GivesTheSameNumbers()
    {
        using var trainer = new InnerTrainer(Specification, Dataset);
        using var sgd = new SgdOptimizer(trainer.Layout);
        trainer.Enter(ClassSplit.OuterTest, 3);
        var first = trainer.Run(sgd, [0.1f], default);
        trainer.Enter(ClassSplit.OuterTest, 4);
        trainer.Run(sgd, [10f], default);
        trainer.Enter(ClassSplit.OuterTest, 3);
        var again = trainer.Run(sgd, [0.1f], default);
        Assert.Equal(first.Losses, again.Losses);
        Assert.Equal(first.ValidCurve, again.ValidCurve);
    }

    [Fact]
    public void Run_RateZero_StaysAtTheStart()
    {
        using var trainer = new InnerTrainer(Specification, Dataset);
        using var sgd = new SgdOptimizer(trainer.Layout);
        trainer.Enter(ClassSplit.OuterTest, 0);
        var losses = trainer.Run(sgd, [0f], default).Losses;
        // A net with its random start guesses: near ln(classes), far from a trained one.
        Assert.InRange(losses.TrainFinal, 0.7 * Math.Log(4), 2 * Math.Log(4));
        Assert.InRange(trainer.Run(sgd, [0.1f], default).Losses.TrainMean, 0, 0.95 * losses.TrainMean);
    }

    [Fact]
    public void Run_Diverged_CountsAsTheCap()
    {
        using var trainer = new InnerTrainer(Specification, Dataset);
        using var sgd = new SgdOptimizer(trainer.Layout);
        trainer.Enter(ClassSplit.OuterTest, 0);
        var training = trainer.Run(sgd, [1e30f], default);
        Assert.Equal(Specification.LossCap, training.Losses.TrainFinal);
        Assert.Equal(Specification.LossCap, training.Losses.ValidFinal);
        Assert.Equal((float)Specification.LossCap, training.TrainCurve[^1]);
        // Only the first step, before any update, was alive.
        double expected = (((Specification.InnerSteps - 1) * Specification.LossCap) + training.Losses.TrainMean) / Specification.InnerSteps;
        Assert.InRange(training.Losses.TrainMean, expected - 0.1 - Specification.LossCap / Specification.InnerSteps, Specification.LossCap);
    }

    /// <summary>ℓ = ½ (w−c)ᵀA(w−c) under SGD from w0 has a closed form only in A's eigenbasis; here against explicit float64 steps.</summary>
    [Fact]
    public void Run_QuadraticUnderSgd_IsWhatStepsByHandGive()
    {
        var specification = Specification with { InnerProblem = InnerProblemKind.Quadratic, QuadraticDimensions = 3, InnerSteps = 7, LossCap = 1e6 };
        using var trainer = new InnerTrainer(specification, Dataset);
        using var sgd = new SgdOptimizer(trainer.Layout);
        trainer.Enter(ClassSplit.OuterTest, 2);
        var slow = trainer.Run(sgd, [1e-4f], default).Losses;
        var fast = trainer.Run(sgd, [1e-2f], default).Losses;
        Assert.True(fast.TrainFinal < slow.TrainFinal && fast.TrainMean < slow.TrainMean, "on a quadratic with a small rate, faster is better");
        Assert.True(fast.TrainFinal < fast.TrainMean, "the loss of a quadratic falls at every step");
    }
}
