using CsCheck;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Shared.Tests.Run;

public sealed class TruncationScheduleTests
{
    private static readonly TruncationSchedule Paper = new(50, 10_000, 5_000);

    [Theory]
    [InlineData(0, 50)]
    [InlineData(2_500, 5_025)]
    [InlineData(5_000, 10_000)]
    [InlineData(9_999, 10_000)]
    public void BaseSteps_AlongTheRamp_RisesLinearlyThenStays(long update, double expected) =>
        Assert.Equal(expected, Paper.BaseSteps(update));

    [Theory]
    [InlineData(0, 1.0, 10_000, 50)]
    [InlineData(0, 0.8, 10_000, 40)]
    [InlineData(0, 1.19, 10_000, 59)] // ⌊59.5⌋
    [InlineData(5_000, 1.2, 10_000, 10_000)] // cut to the steps left
    [InlineData(0, 1.0, 7, 7)]
    public void Steps_WithJitter_FloorsAndCuts(long update, double jitter, int stepsLeft, int expected) =>
        Assert.Equal(expected, Paper.Steps(update, jitter, stepsLeft));

    [Theory]
    [InlineData(100, 0.2, 10_000, 120)]
    [InlineData(100, 0.2, 110, 110)] // the whole horizon
    [InlineData(30, 0, 10_000, 30)]
    public void LongestSteps_OfARun_IncludesJitterAndEndsAtTheHorizon(int last, double jitter, int innerSteps, int expected) =>
        Assert.Equal(
        expected,
        TruncationSchedule.LongestSteps(
            new RunSpecification { TruncationFirst = 10, TruncationLast = last, TruncationJitter = jitter, InnerSteps = innerSteps }));

    /// <summary>The ramp ended at update 5,000 of a run; the run becomes twice as long at update 2,500, where k is 5,025.</summary>
    [Theory]
    [InlineData(2_500, 5_025)]
    [InlineData(6_250, 7_512.5)]
    [InlineData(10_000, 10_000)]
    public void Stretch_Halfway_RisesOnToTheSameShareOfTheRun(long update, double expected) =>
        Assert.Equal(expected, Paper.Stretch(2_500, 2).BaseSteps(update), 9);

    [Fact]
    public void Stretch_AfterTheRamp_KeepsTheLastLength() =>
        Assert.All((long[])[5_000, 5_001, 9_999, 10_001], update => Assert.Equal(10_000, Paper.Stretch(5_000, 2).BaseSteps(update)));

    /// <summary>Samples at the version where a new plan begins are the same whichever plan their worker had.</summary>
    [Fact]
    public void Stretch_AnywhereByAnything_GoesOnWithTheSameLengthAndNeverFalls() =>
        Gen.Select(Gen.Long[0, 10_000], Gen.Double[0.1, 10], Gen.Long[0, 20_000]).Sample((at, factor, after) =>
        {
            var stretched = Paper.Stretch(at, factor);
            Assert.Equal(Paper.BaseSteps(at), stretched.BaseSteps(at));
            Assert.InRange(stretched.BaseSteps(at + after), stretched.BaseSteps(at), Paper.Last);
        });

    [Fact]
    public void Steps_TinyBase_IsAtLeastOne() => Assert.Equal(1, new TruncationSchedule(1, 1, 0).Steps(0, 0.8, 10));

    [Fact]
    public void BaseSteps_NoRamp_IsTheLastFromTheStart() => Assert.Equal(200, new TruncationSchedule(20, 200, 0).BaseSteps(0));

    [Fact]
    public void Steps_AnyUpdate_NeverFallsAsUpdatesPass() =>
        Gen.Select(Gen.Long[0, 10_000], Gen.Long[0, 10_000], Gen.Double[0.8, 1.2]).Sample((a, b, jitter) =>
            Paper.Steps(Math.Min(a, b), jitter, int.MaxValue) <= Paper.Steps(Math.Max(a, b), jitter, int.MaxValue));
}
