using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation;

public sealed class ComparisonTests
{
    [Fact]
    public void Against_ATie_IsNotWon()
    {
        var against = Compare(OuterObjective.Valid, learned: [1, 0.5, 2, 0.9], baseline: [1, 1, 1, 1]);
        Assert.Equal(0.5, against.ShareWon);
        Assert.Equal(0.5, against.ShareWonFinal);
    }

    [Fact]
    public void Against_MedianImprovement_IsTheMedianOfRatiosNotTheRatioOfMedians()
    {
        // By task: 50 %, −100 %, 90 %. Medians are 2 and 1: their ratio would say −100 %.
        var against = Compare(OuterObjective.Valid, learned: [0.5, 2, 10], baseline: [1, 1, 100]);
        Assert.Equal(0.5, against.MedianImprovement, 1e-12);
        Assert.Equal(0.5, against.MedianImprovementFinal, 1e-12);
        Assert.Equal([0.5, -1, 0.9], against.Improvements.Select(x => Math.Round(x, 12)));
    }

    [Theory]
    [InlineData(OuterObjective.Train, 1)]
    [InlineData(OuterObjective.Valid, 0)]
    public void Against_JudgesByTheRunsObjective(OuterObjective objective, double shareWon)
    {
        var comparison = new Comparison(
            objective, 1, new CurveIntervals(1), Optimizer(
                "learned", [new(TrainMean: 1, TrainFinal: 1, ValidMean: 3, ValidFinal: 3)]), [Optimizer("adam", [new(2, 2, 2, 2)])]);
        Assert.Equal(shareWon, comparison.Against("adam").ShareWon);
        Assert.Equal(shareWon, comparison.Against("adam").ShareWonFinal);
        Assert.Equal(1, comparison.Against("adam", OuterObjective.Train).ShareWon);
        Assert.Equal(0, comparison.Against("adam", OuterObjective.Valid).ShareWon);
    }

    [Fact]
    public void ByKind_HasEverythingOfItsTasks()
    {
        var optimizer = Optimizer("learned", Same([1, 2, 3])) with
        {
            TrainCurves = [[1], [2], [3]],
            ValidCurves = [[4], [5], [6]],
            StepTimes = [new(1, 2), new(3, 4), new(5, 6)],
        };
        var comparison = new Comparison(OuterObjective.Valid, 3, new CurveIntervals(1), optimizer, [])
        {
            Kinds = ["b", "a", "b"],
            InnerSteps = [10, 20, 30],
        };
        Assert.Equal(["a", "b"], comparison.BySeveralKinds().Select(p => p.Kind));
        Assert.Empty((comparison with { Kinds = ["b", "b", "b"] }).BySeveralKinds());
        var part = comparison.ByKind().Single(p => p.Kind == "b").Comparison;
        Assert.Equal(2, part.Tasks);
        Assert.Equal([10, 30], part.InnerSteps);
        Assert.Equal(Same([1, 3]), part.Learned.Losses);
        Assert.Equal([1, 3], part.Learned.TrainCurves.Select(c => c[0]));
        Assert.Equal([4, 6], part.Learned.ValidCurves.Select(c => c[0]));
        Assert.Equal([new(1, 2), new(5, 6)], part.Learned.StepTimes);
    }

    [Fact]
    public void Accuracies_LeaveTasksWithoutClassesOut() => Assert.Equal(
        [0.5],
        Optimizer("learned", [new(1, 1, 1, 1), new(1, 1, 1, 1) { TrainAccuracy = 0.5 }]).Accuracies(OuterObjective.Train));

    [Fact]
    public void Quartiles_AHalfIsInfinite_MedianIsTheGreatestFinite() =>
        Assert.Equal(2, Quartiles.Of([1, 2, double.PositiveInfinity, 1, double.PositiveInfinity]).Median);

    [Fact]
    public void Quartiles_OfNothing_AreNotNumbers() => Assert.True(double.IsNaN(Quartiles.Of([]).Median));

    [Fact]
    public void Quartiles_OfFour_LieBetween() => Assert.Equal(new Quartiles(1.75, 2.5, 3.25), Quartiles.Of([4, 1, 3, 2]));

    private static ComparisonAgainst Compare(OuterObjective objective, double[] learned, double[] baseline) =>
        new Comparison(
            objective, learned.Length, new CurveIntervals(1), Optimizer("learned", Same(learned)), [Optimizer("adam", Same(baseline))])
            .Against("adam");

    private static InnerTrainingLosses[] Same(double[] losses) => [.. losses.Select(l => new InnerTrainingLosses(l, l, l, l))];

    private static ComparedOptimizer Optimizer(string name, InnerTrainingLosses[] losses) => new(name, name, losses, [], [], []);
}
