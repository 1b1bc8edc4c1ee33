using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Sampling;

public sealed class ProblemHorizonTests
{
    private static readonly RunSpecification Specification = new() { InnerSteps = 1000, BatchSamples = 8, StaggeredStarts = true };

    [Theory]
    [InlineData(0, 125)]
    [InlineData(3, 500)]
    [InlineData(7, 1000)]
    [InlineData(8, 1000)]
    public void Of_StaggeredStarts_SpreadsTheFirstBatch(long problem, int expected) =>
        Assert.Equal(expected, ProblemHorizon.From(Specification).Of(problem));

    [Fact]
    public void Of_NoStaggering_IsTheHorizon() =>
        Assert.Equal(1000, ProblemHorizon.From(Specification with { StaggeredStarts = false }).Of(0));

    [Fact]
    public void Of_MoreLanesThanSteps_IsAtLeastOne() => Assert.Equal(1, ProblemHorizon.From(Specification with { InnerSteps = 3 }).Of(0));
}
