using LoptCluster.Cli.Screen;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Cli.Tests.Screen;

public sealed class RemarksTests
{
    private static readonly RunSpecification Specification = PresetCatalog.Load("quickstart");

    [Fact]
    public void For_HealthyRun_IsSilent() => Assert.Equal("", Remarks.For(ScreenRuns.Running(), Specification));

    [Fact]
    public void For_CoordinatorsMessage_GoesFirst() =>
        Assert.Equal("look", Remarks.For(ScreenRuns.Running() with { Message = "look", State = RunState.Paused }, Specification));

    [Fact]
    public void For_LossAtChance_SpeaksOfADeadStart() =>
        Assert.Contains("ln 10", Remarks.For(ScreenRuns.Running() with { OuterLossAverage = Math.Log(10) }, Specification));

    [Fact]
    public void For_LossAtChanceInTheFirstUpdates_IsSilent() =>
        Assert.Equal("", Remarks.For(ScreenRuns.Running(5) with { OuterLossAverage = Math.Log(10) }, Specification));

    [Fact]
    public void For_LossAtTheCapWithRp_PointsAtTheOtherEstimators() =>
        Assert.Contains("estimator=merged", Remarks.For(ScreenRuns.Running() with { OuterLossAverage = 9.9 }, Specification with { Estimator = Estimator.Rp }));

    [Fact]
    public void For_EsDoesTheWork_CitesFigureFour() =>
        Assert.Contains("Fig. 4", Remarks.For(ScreenRuns.Running() with { WeightEs = 0.99 }, Specification));

    [Fact]
    public void For_LostWorker_NamesIt() => Assert.Contains(
        ScreenRuns.Worker(3).WorkerId, Remarks.For(ScreenRuns.Running() with { Workers = [ScreenRuns.Worker(1), ScreenRuns.Worker(3, "lost")] }, null));
}
