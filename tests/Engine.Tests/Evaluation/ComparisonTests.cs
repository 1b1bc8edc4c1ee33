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
    }

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
