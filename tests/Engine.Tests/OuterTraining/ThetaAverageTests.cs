using CsCheck;
using LoptCluster.Engine.OuterTraining;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class ThetaAverageTests
{
    /// <summary>d = ½, θ = 1, 4, 0: a = ½, 2¼, 1⅛; divided by ½, ¾, ⅞: 1, 3, 9/7.</summary>
    [Fact]
    public void Snapshot_OfThreeVersions_IsAsComputedByHand()
    {
        var average = ThetaAverage.Zero(1);
        float[] expected = [1, 3, 9f / 7];
        foreach (var (theta, n) in ((float[])[1, 4, 0]).Zip(Enumerable.Range(1, 3)))
        {
            average = average.Step([theta], 0.5);
            var snapshot = average.Snapshot(n, 0.5);
            Assert.Equal((n, expected[n - 1]), (snapshot.Version, snapshot.Values.Span[0]));
        }

        Assert.Equal((3L, 1.125), (average.Updates, average.Sum[0]));
    }

    [Fact]
    public void Step_LeavesTheAverageBefore()
    {
        var before = ThetaAverage.Zero(1);
        before.Step([5f], 0.9);
        Assert.Equal((0L, 0.0), (before.Updates, before.Sum[0]));
    }

    [Fact]
    public void Snapshot_OfAnyVersions_LiesBetweenTheLeastAndTheGreatest() =>
        Gen.Select(Gen.Float[-100, 100].Array[1, 30], Gen.Double[0.001, 0.9999]).Sample((versions, decay) =>
        {
            var average = versions.Aggregate(ThetaAverage.Zero(1), (a, theta) => a.Step([theta], decay));
            double slack = 1e-5 * versions.Max(Math.Abs);
            Assert.InRange(average.Snapshot(1, decay).Values.Span[0], versions.Min() - slack, versions.Max() + slack);
        });

    [Fact]
    public void Snapshot_OfNoVersion_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ThetaAverage.Zero(1).Snapshot(0, 0.5));
}
