using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation;

public sealed class ComparisonRunnerTests
{
    /// <summary>θ is Adam at one rate of the grid: it can tie with tuned Adam, never win.</summary>
    private static readonly RunSpecification AdamIsLearned = SmallEvaluation.Specification with { Optimizer = OptimizerKind.Adam };

    [Fact]
    public void Run_OtherThreads_GivesTheSameNumbers()
    {
        float[] theta = OptimizerFactory.InitialTheta(SmallEvaluation.Specification);
        var one = ComparisonRunner.Run(SmallEvaluation.Specification, SmallEvaluation.Dataset, theta, null, default, threads: 1);
        var three = ComparisonRunner.Run(SmallEvaluation.Specification, SmallEvaluation.Dataset, theta, null, default, threads: 3);
        Assert.Equal(one.Learned.Losses, three.Learned.Losses);
        Assert.Equal(one.Baselines.SelectMany(b => b.Losses), three.Baselines.SelectMany(b => b.Losses));
        Assert.Equal(one.Baselines.SelectMany(b => b.LearningRates), three.Baselines.SelectMany(b => b.LearningRates));
        Assert.Equal(
            one.Baselines.Append(one.Learned).SelectMany(b => b.ValidCurve),
            three.Baselines.Append(three.Learned).SelectMany(b => b.ValidCurve));
        Assert.Equal(
            one.Baselines.Append(one.Learned).SelectMany(b => b.TrainCurves).SelectMany(c => c),
            three.Baselines.Append(three.Learned).SelectMany(b => b.TrainCurves).SelectMany(c => c));
    }

    [Fact]
    public void Run_Curves_AreThoseOfEveryTaskThatTheQuartilesSummarise()
    {
        var comparison = ComparisonRunner.Run(AdamIsLearned, SmallEvaluation.Dataset, AdamTheta(1e-2), null, default);
        Assert.Equal([60, 60, 60, 60, 60], comparison.InnerSteps);
        foreach (var optimizer in comparison.Baselines.Append(comparison.Learned))
        {
            Assert.Equal(5, optimizer.ValidCurves.Length);
            for (int point = 0; point < 9; point++)
            {
                Assert.Equal(optimizer.TrainCurve[point], Quartiles.Of(optimizer.TrainCurves.Select(c => (double)c[point])));
                Assert.Equal(optimizer.ValidCurve[point], Quartiles.Of(optimizer.ValidCurves.Select(c => (double)c[point])));
            }
        }
    }

    [Fact]
    public void Run_Progress_CountsEveryTaskOnce()
    {
        var reports = new System.Collections.Concurrent.ConcurrentBag<ComparisonProgress>();
        float[] theta = OptimizerFactory.InitialTheta(SmallEvaluation.Specification);
        ComparisonRunner.Run(SmallEvaluation.Specification, SmallEvaluation.Dataset, theta, new Listener(reports.Add), default, threads: 2);
        Assert.Equal([1, 2, 3, 4, 5], reports.Select(p => p.TasksDone).Order());
        Assert.All(reports, p => Assert.Equal(5, p.Tasks));
    }

    [Fact]
    public void Run_AdamAsTheta_NeverBeatsTunedAdamOnAnyNumber()
    {
        var comparison = ComparisonRunner.Run(AdamIsLearned, SmallEvaluation.Dataset, AdamTheta(1e-2), null, default);
        var against = comparison.Against("adam");
        Assert.Equal(0, against.ShareWon);
        Assert.Equal(0, against.ShareWonFinal);
        Assert.All(comparison.Learned.Losses.Zip(comparison.Baselines.Single(b => b.Name == "adam").Losses), p =>
            Assert.True(p.Second.TrainMean <= p.First.TrainMean && p.Second.TrainFinal <= p.First.TrainFinal
                && p.Second.ValidMean <= p.First.ValidMean && p.Second.ValidFinal <= p.First.ValidFinal));
    }

    /// <summary>The strongest baseline: every number is the least over the eleven rates, each by itself.</summary>
    [Fact]
    public void Run_Baseline_IsTheBestOfTheElevenRates()
    {
        var comparison = ComparisonRunner.Run(
            AdamIsLearned with { ComparisonTasks = 1 }, SmallEvaluation.Dataset, AdamTheta(1e-2), null, default);
        using var trainer = new InnerTrainer(AdamIsLearned, SmallEvaluation.Dataset);
        using var adam = OptimizerFamilies.Adam.Create(trainer.Layout, new UpdateSettings(AdamIsLearned.InnerSteps));
        trainer.Enter(ClassSplit.OuterTest, 0);
        var runs = Enumerable.Range(0, 11).Select(
            i => trainer.Run(adam, AdamTheta(Math.Pow(10, -4 + (0.5 * i))), default).Losses).ToArray();
        var best = comparison.Baselines.Single(b => b.Name == "adam").Losses.Single();
        Assert.Equal(runs.Min(r => r.ValidMean), best.ValidMean, 1e-6);
        Assert.Equal(runs.Min(r => r.TrainFinal), best.TrainFinal, 1e-6);
    }

    [Fact]
    public void Evaluate_AdamTheta_IsTheComparisonsTask()
    {
        var outcome = TaskEvaluator.Evaluate(AdamIsLearned, SmallEvaluation.Dataset, AdamTheta(1e-2), ClassSplit.OuterTest, 3, default);
        var comparison = ComparisonRunner.Run(AdamIsLearned, SmallEvaluation.Dataset, AdamTheta(1e-2), null, default);
        Assert.Equal(comparison.Learned.Losses.Take(3).Select(l => l.ValidMean), outcome.MeanLoss);
        var tuned = TaskEvaluator.Evaluate(AdamIsLearned, SmallEvaluation.Dataset, null, ClassSplit.OuterTest, 3, default);
        Assert.Equal(comparison.Baselines[0].Losses.Take(3).Select(l => l.ValidMean), tuned.MeanLoss);
    }

    [Fact]
    public void Run_Cancelled_Throws() => Assert.ThrowsAny<OperationCanceledException>(() => ComparisonRunner.Run(
        SmallEvaluation.Specification, SmallEvaluation.Dataset, OptimizerFactory.InitialTheta(
            SmallEvaluation.Specification), null, new CancellationToken(true)));

    [Fact]
    public void LearningRates_AreThePapersGrid() =>
        Assert.All(
            Baseline.LearningRates.Select((r, i) => (r, Math.Pow(10, -4 + (0.5 * i)))), p => Assert.Equal(p.Item2, p.r, 1e-9 * p.Item2));

    private static float[] AdamTheta(double rate) => OptimizerFamilies.Adam.Theta.Point(("learningRate", rate));

    private sealed class Listener(Action<ComparisonProgress> report) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value) => report(value);
    }

    [Fact]
    public void Quartiles_OfFive_AreTheSecondThirdAndFourth() => Assert.Equal(new Quartiles(2, 3, 4), Quartiles.Of([5, 1, 4, 2, 3]));
}
