using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Shared.Tests.Run;

public sealed class OuterPlansTests
{
    private static readonly OuterPlans Begun = OuterPlans.Of(
        new RunSpecification { OuterUpdates = 100, TruncationFirst = 10, TruncationLast = 110, TruncationRampUpdates = 200 });

    [Fact]
    public void At_EachVersion_IsThePlanThatHeldThen()
    {
        var twice = Begun.Prolong(100, 200).Prolong(150, 300);

        Assert.Equal([100L, 100, 200, 200, 300, 300], ((long[])[-1, 99, 100, 149, 150, 999]).Select(v => twice.At(v).OuterUpdates));
        Assert.Equal((3, 300L), (twice.All.Length, twice.Newest.OuterUpdates));
    }

    /// <summary>k was 60 at update 100 and its ramp ended at 200; then it ends at 400: 50 of 300 updates later it is 60 + 50/6.</summary>
    [Fact]
    public void TruncationSteps_BeforeAndAfterAProlongation()
    {
        var plans = Begun.Prolong(100, 200);

        Assert.Null(plans.TruncationSteps(99));
        Assert.Equal(60, plans.TruncationSteps(100));
        Assert.Equal(60 + (50 / 6.0), plans.TruncationSteps(150)!.Value, 12);
        Assert.Equal(110, plans.TruncationSteps(400));
    }

    [Fact]
    public void Prolong_AgainAtTheSameVersion_ReplacesThatPlan()
    {
        var plans = Begun.Prolong(100, 200).Prolong(100, 400);

        Assert.Equal([(0L, 100L), (100L, 400L)], plans.All.Select(p => (p.FromVersion, p.OuterUpdates)));
        Assert.Equal(800, plans.Newest.Truncation.FromUpdate + plans.Newest.Truncation.RampUpdates, 9);
    }

    [Fact]
    public void Prolong_BeforeTheFirstUpdate_KeepsThePlanOfTheSpecification()
    {
        var plans = Begun.Prolong(0, 50);

        Assert.Equal([100L, 50L], plans.All.Select(p => p.OuterUpdates));
        Assert.Equal((10.0, 50L), (plans.TruncationSteps(0), plans.At(0).OuterUpdates));
    }
}
