using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared;
using Xunit;

namespace LoptCluster.Engine.Tests.Unrolling;

public sealed class TapePlanTests
{
    private const int Convnet = 19_728;
    private const int Momenta = 5;

    [Fact]
    public void Choose_ShortTruncation_KeepsEverything() => Assert.Equal(1, TapePlan.Choose(100, Convnet, Momenta, 1L << 30).Segments);

    [Fact]
    public void Choose_PaperTruncation_FitsOneGigabyteWithItsGradients()
    {
        var plan = TapePlan.Choose(10_000, Convnet, Momenta, 1L << 30);
        Assert.True(plan is { KeptGradients: 10_000, SegmentSteps: 100 });
        Assert.InRange(plan.Bytes, 1, 1L << 30);
    }

    [Fact]
    public void Choose_PaperTruncationInAQuarter_RecomputesTheGradientsThatDoNotFit()
    {
        var plan = TapePlan.Choose(10_000, Convnet, Momenta, 256L << 20);
        Assert.InRange(plan.KeptGradients, 1_900, 2_300);
        Assert.InRange(plan.Bytes, (256L << 20) - (sizeof(float) * Convnet), 256L << 20);
    }

    [Fact]
    public void Choose_NothingFits_SaysWhatIsNeeded()
    {
        var error = Assert.Throws<UserErrorException>(() => TapePlan.Choose(10_000, Convnet, Momenta, 10L << 20));
        Assert.Contains("slotMemoryMegabytes", error.Message);
    }

    [Fact]
    public void Choose_Intermediates_GetWhatIsLeftOfThreeQuarters()
    {
        const int Each = 400_000;
        var all = TapePlan.Choose(10, Convnet, Momenta, 1L << 30, Each);
        var some = TapePlan.Choose(10, Convnet, Momenta, 20L << 20, Each);
        var none = TapePlan.Choose(10_000, Convnet, Momenta, 1L << 30, Each);

        Assert.Equal((10, 10), (all.KeptIntermediates, all.KeptGradients));
        Assert.InRange(some.KeptIntermediates, 1, 9);
        Assert.InRange(some.Bytes, 1, 15L << 20);
        Assert.Equal(TapePlan.Choose(10, Convnet, Momenta, 20L << 20).Bytes + (some.KeptIntermediates * 4L * Each), some.Bytes);
        Assert.Equal(TapePlan.Choose(10_000, Convnet, Momenta, 1L << 30), none);
    }

    /// <summary>For the states that a segment holds, not for every step; never more than three quarters of the budget.</summary>
    [Fact]
    public void Choose_Updates_AreKeptASegmentLong()
    {
        const int Each = 3 * Convnet;
        var all = TapePlan.Choose(10, Convnet, Momenta, 1L << 30, updateLength: Each);
        var segments = TapePlan.Choose(5_000, Convnet, Momenta, 1L << 30, updateLength: Each);
        var paper = TapePlan.Choose(10_000, Convnet, Momenta, 1L << 30, updateLength: Each);

        Assert.Equal((true, TapePlan.Choose(10, Convnet, Momenta, 1L << 30).Bytes + (10L * 4 * Each)), (all.KeepsUpdates, all.Bytes));
        Assert.Equal(
            (true, TapePlan.Choose(5_000, Convnet, Momenta, 1L << 30).Bytes
                + (segments.SegmentSteps * 4L * Each)), (segments.KeepsUpdates, segments.Bytes));
        Assert.True(segments.Segments > 1);
        Assert.Equal(TapePlan.Choose(10_000, Convnet, Momenta, 1L << 30), paper);
    }
}
