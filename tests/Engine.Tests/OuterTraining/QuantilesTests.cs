using LoptCluster.Engine.OuterTraining;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class QuantilesTests
{
    [Fact]
    public void Of_ValuesInAnyOrder_AreTheirPercentiles()
    {
        double[] values = [.. Enumerable.Range(0, 101).Select(i => (double)(i * 37 % 101))];
        Assert.Equal(new Quantiles(10, 50, 90), Quantiles.Of(values));
    }

    [Fact]
    public void Of_OneValue_IsThatValue() => Assert.Equal(new Quantiles(5, 5, 5), Quantiles.Of([5]));
}
