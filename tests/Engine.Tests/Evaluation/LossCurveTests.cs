using LoptCluster.Engine.Evaluation;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation;

public sealed class LossCurveTests
{
    [Fact]
    public void Finish_AllSteps_IsTheMeanAndEachStretchHasItsPoint()
    {
        var curve = new LossCurve(steps: 5, new CurveIntervals(2), cap: 10);
        foreach (double loss in (double[])[1, 3, 5, 7, 4]) curve.Add(loss);
        Assert.Equal(4, curve.Finish());
        Assert.Equal([2f, 6f, 4f], curve.Points);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(11)]
    public void Add_AboveTheCap_CountsAsTheCap(double loss)
    {
        var curve = new LossCurve(steps: 1, new CurveIntervals(1), cap: 10);
        curve.Add(loss);
        Assert.Equal(10, curve.Finish());
    }

    [Fact]
    public void Finish_StepsMissing_CountThemAsTheCap()
    {
        var curve = new LossCurve(steps: 4, new CurveIntervals(2), cap: 10);
        curve.Add(2);
        Assert.Equal(8, curve.Finish());
        Assert.Equal([6f, 10f], curve.Points);
    }

    [Fact]
    public void Points_SharesOfTheHorizon_CoverEveryStepOnce()
    {
        var curve = new LossCurve(steps: 7, new CurveIntervals(EverySteps: 2, Shares: 3), cap: 10);
        foreach (double loss in (double[])[1, 3, 5, 7, 4, 2, 9]) curve.Add(loss);
        Assert.Equal(31 / 7.0, curve.Finish(), 1e-12);
        Assert.Equal([2f, 6f, 5f], curve.Points);
    }
}
