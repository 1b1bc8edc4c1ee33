using LoptCluster.Cli.Checks;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Cli.Tests.Checks;

public sealed class PresetBenchmarkTests
{
    private static readonly RunSpecification Small = PresetCatalog.Load(
        "quickstart", "outerUpdates=4", "truncationFirst=10", "truncationLast=30", "truncationRampUpdates=2", "innerSteps=25",
        "batchSamples=3");

    [Fact]
    public void StepsOfRun_Ramp_SumsTruncationsCutAtTheHorizon() =>
        Assert.Equal(3 * (10 + 20 + 25 + 25), PresetBenchmark.StepsOfRun(Small));

    [Fact]
    public void RunTime_OnMoreCores_IsShared()
    {
        var benchmark = new PresetBenchmark("x", InnerStepsPerSecond: 100, SamplesPerSecond: 5, TruncationSteps: 20, RunInnerSteps: 2000);

        Assert.Equal(TimeSpan.FromSeconds(5), benchmark.RunTime(cores: 4));
    }

    [Fact]
    public void Measure_SmallPreset_CountsWhatOneSlotDoes()
    {
        var benchmark = PresetBenchmark.Measure(
            Small, InnerProblemFactory.BuiltIn, TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);

        Assert.InRange(benchmark.TruncationSteps, 1, 25);
        Assert.Equal(
            benchmark.InnerStepsPerSecond, benchmark.SamplesPerSecond * benchmark.TruncationSteps, 1e-6 * benchmark.InnerStepsPerSecond);
    }

    [Fact]
    public void Truncation_LongerThanAnyInitialThetaLasts_StaysBelowTheCapAndReportsItsMemory()
    {
        const int Steps = 300;
        var result = TruncationBenchmark.Measure(Small, InnerProblemFactory.BuiltIn, Steps, TimeProvider.System, CancellationToken.None);

        Assert.Equal((Steps, Steps), (result.Steps, result.KeptGradients));
        Assert.InRange(result.PlannedMegabytes, 1, result.BudgetMegabytes);
        Assert.True(result.PeakMegabytes is null || result.PeakMegabytes > result.PlannedMegabytes);
        Assert.InRange(result.MeanLoss, 1.5, 3);
    }
}
