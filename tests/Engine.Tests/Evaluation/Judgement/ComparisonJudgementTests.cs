using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Evaluation.Judgement;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation.Judgement;

public sealed class ComparisonJudgementTests
{
    /// <summary>θ is fast and ends high, Adam is slow and ends low.</summary>
    [Fact]
    public void Ranking_ByTheMeanAndByTheEnd_MayDiffer()
    {
        var sut = new ComparisonJudgement(Compare(
            Optimizer("learned", new(1, 4, 1, 4), new(1, 4, 1, 4)), Optimizer("adam", new(2, 2, 2, 2), new(3, 2, 3, 2))), seed: 1);
        var mean = sut.Ranking(LossMeasure.ValidMean);
        Assert.Equal([(1, "learned", 1.0), (2, "adam", 2.5)], mean.Select(r => (r.Rank, r.Optimizer.Name, r.Loss.Value)));
        Assert.Equal((2, 3), (mean[1].Loss.Lower, mean[1].Loss.Upper));
        var final = sut.Ranking(LossMeasure.TrainFinal);
        Assert.Equal([(1, "adam", 1.0), (2, "learned", 2.0)], final.Select(r => (r.Rank, r.Optimizer.Name, r.Loss.Value)));
    }

    [Fact]
    public void Ranking_EqualOptimizers_ShareARankAndTheNextIsLeftOut()
    {
        InnerTrainingLosses low = new(1, 1, 1, 1), high = new(2, 2, 2, 2);
        var sut = new ComparisonJudgement(Compare(Optimizer("learned", high), Optimizer("a", low), Optimizer("b", low)), seed: 1);
        Assert.Equal([(1, "a"), (1, "b"), (3, "learned")], sut.Ranking(LossMeasure.TrainMean).Select(r => (r.Rank, r.Optimizer.Name)));
    }

    /// <summary>By task: ½, −1, 0.9 and 0; a quarter, one task, is cut off at each end.</summary>
    [Fact]
    public void Improvement_FourTasks_IsTheMeanOfTheMiddleTwo()
    {
        double[] learned = [0.5, 2, 10, 1], adam = [1, 1, 100, 1];
        var sut = new ComparisonJudgement(
            Compare(Optimizer("learned", [.. learned.Select(All)]), Optimizer("adam", [.. adam.Select(All)])), seed: 1);
        Assert.Equal(0.25, sut.Improvement("adam", LossMeasure.TrainFinal).Value, 1e-12);

        static InnerTrainingLosses All(double loss) => new(loss, loss, loss, loss);
    }

    /// <summary>
    /// T = 25 in intervals of 10, 10 and 5 steps. Adam ends at 0.5 (train) and 0.7 (valid); its inner-steps take twice θ's time.
    /// </summary>
    [Fact]
    public void Until_TheFinalLoss_IsTheEndOfTheFirstIntervalThere()
    {
        InnerTrainingLosses adam = new(9, 0.5, 9, 0.7);
        var comparison = Compare(
            Optimizer("learned", default, default, default) with
            {
                TrainCurves = [[0.9f, 0.5f, 0.8f], [0.4f, 0.9f, 0.9f], [0.9f, 0.9f, 0.6f]],
                ValidCurves = [[0.9f, 0.8f, 0.75f], [0.9f, 0.8f, 0.69f], [0.1f, 0.1f, 0.1f]],
                StepTimes = [new(1, 2), new(1, 2), new(1, 2)],
            },
            Optimizer("adam", adam, adam, adam with { ValidFinal = 0.05 }) with { StepTimes = [new(1, 5), new(1, 5), new(1, 5)] });
        var sut = new ComparisonJudgement(comparison with { Curve = new CurveIntervals(10), InnerSteps = [25, 25, 25] }, seed: 1);

        var train = sut.Until("adam", OuterObjective.Train);
        Assert.Equal([20, 10, double.PositiveInfinity], train.Steps);
        Assert.Equal([0.8, 0.4, double.PositiveInfinity], train.StepsShare);
        Assert.Equal([60, 30, double.PositiveInfinity], train.Seconds);
        Assert.Equal([0.4, 0.2, double.PositiveInfinity], train.SecondsShare.Select(s => Math.Round(s, 12)));
        Assert.Equal(2 / 3.0, train.ShareReached, 1e-12);
        Assert.Equal([double.PositiveInfinity, 25, double.PositiveInfinity], sut.Until("adam", OuterObjective.Valid).Steps);
    }

    [Fact]
    public void Until_HorizonsDiffer_CountsSharesOfEach()
    {
        InnerTrainingLosses adam = new(9, 0.5, 9, 0.5);
        var comparison = Compare(
            Optimizer("learned", default, default) with { TrainCurves = [[0.9f, 0.5f], [0.5f, 0.9f]] }, Optimizer("adam", adam, adam));
        var sut = new ComparisonJudgement(comparison with { Curve = new CurveIntervals(10, Shares: 2), InnerSteps = [100, 7] }, seed: 1);
        var until = sut.Until("adam", OuterObjective.Train);
        Assert.Equal([100, 3], until.Steps);
        Assert.Equal([1, 3 / 7.0], until.StepsShare);
        Assert.Equal([double.NaN, double.NaN], until.Seconds);
    }

    [Fact]
    public void Until_NoCurves_IsUnknown()
    {
        InnerTrainingLosses none = default;
        var sut = new ComparisonJudgement(Compare(Optimizer("learned", none), Optimizer("adam", none)), seed: 1);
        Assert.Equal(double.NaN, sut.Until("adam", OuterObjective.Valid).ShareReached);
    }

    [Fact]
    public void MeanStepTime_IsTheMeanOverTheTasks()
    {
        var optimizer = Optimizer("adam", default, default);
        Assert.Null(ComparisonJudgement.MeanStepTime(optimizer));
        Assert.Equal(
            new StepTime(2, 4), ComparisonJudgement.MeanStepTime(optimizer with { StepTimes = [new(1, 3), new(3, 5)] }));
    }

    private static Comparison Compare(ComparedOptimizer learned, params ComparedOptimizer[] baselines) =>
        new(OuterObjective.Valid, learned.Losses.Length, new CurveIntervals(1), learned, baselines);

    private static ComparedOptimizer Optimizer(string name, params InnerTrainingLosses[] losses) => new(name, name, losses, [], [], []);
}
