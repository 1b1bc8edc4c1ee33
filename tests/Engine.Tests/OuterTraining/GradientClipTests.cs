using LoptCluster.Engine.OuterTraining;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class GradientClipTests
{
    [Fact]
    public void Apply_CutsEachElement() => Assert.Equal([0.1, -0.1, 0.05], GradientClip.Apply([7, -0.2, 0.05], 0.1));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Apply_NotFinite_MovesNothing(double element)
    {
        Assert.Equal([0.0, 0.1], GradientClip.Apply([element, 1], 0.1));
        Assert.Equal([0.0, 1], GradientClip.Apply([element, 1], 0));
    }
}
