using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Shared.Tests.Specification;

public sealed class ScheduleNotesTests
{
    [Theory]
    [InlineData(
        "truncationFirst is 50, but no inner-training is longer than 10 inner-steps: every truncation is a whole one. To truncate, set "
            + "truncationFirst below 10.",
        "innerSteps=10", "truncationFirst=50", "truncationLast=60")]
    [InlineData(
        "k rises to 60 only, not to truncationLast 100: its ramp takes 200 outer-updates, and the run has 100. To reach it, set "
            + "truncationRampUpdates to at most 100.",
        "innerSteps=500", "truncationFirst=20", "truncationLast=100", "truncationRampUpdates=200", "outerUpdates=100")]
    [InlineData(
        "truncationLast is 200, but no inner-training is longer than 40 inner-steps: k rises to 40 at most. To see the whole ramp, set "
            + "truncationLast to at most 40.",
        "innerSteps=40", "truncationFirst=20", "truncationLast=200", "truncationRampUpdates=100", "outerUpdates=100")]
    public void Of_ScheduleThatCannotBe_SaysSoWithItsValues(string note, params string[] assignments) =>
        Assert.Equal(note, Assert.Single(ScheduleNotes.Of(PresetCatalog.Load("quickstart", assignments))));

    [Theory]
    [InlineData("innerSteps=50", "truncationFirst=50", "truncationLast=50")]
    [InlineData("truncationFirst=20", "truncationLast=20", "truncationRampUpdates=200", "outerUpdates=100")]
    [InlineData("truncationFirst=20", "truncationLast=100", "truncationRampUpdates=100", "outerUpdates=100")]
    public void Of_ScheduleThatCanBe_SaysNothing(params string[] assignments) =>
        Assert.Empty(ScheduleNotes.Of(PresetCatalog.Load("quickstart", assignments)));

    /// <summary>The horizons of a mixture's tasks count, not the innerSteps that none of them has.</summary>
    [Fact]
    public void Of_Presets_SaysNothing() =>
        Assert.All(PresetCatalog.Names, name => Assert.Empty(ScheduleNotes.Of(PresetCatalog.Load(name))));
}
