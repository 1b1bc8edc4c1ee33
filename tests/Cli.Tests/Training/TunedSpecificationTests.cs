using LoptCluster.Cli.Tuning;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Cli.Tests.Training;

public sealed class TunedSpecificationTests
{
    [Theory]
    [InlineData("quickstart")]
    [InlineData("mixture")]
    [InlineData("paper")]
    public void Of_Preset_KeepsItsTasksAndNothingOfItsTraining(string preset)
    {
        var run = PresetCatalog.Load(preset);
        var tuned = TunedSpecification.Of(run, "rmsPropRegDecay", configurations: 50, tasks: 3);
        Assert.Equal(
            (RunMode.Search, OptimizerKind.RmsPropRegDecay, 50, 1, 3),
            (tuned.Mode, tuned.Optimizer, tuned.OuterUpdates, tuned.EvaluateEveryUpdates, tuned.EvaluationTasks));
        Assert.Equal(
            (run.InnerSteps, run.Objective, run.Dataset, run.InnerProblem, run.ComparisonTasks, run.LossCap, run.Seed),
            (tuned.InnerSteps, tuned.Objective, tuned.Dataset, tuned.InnerProblem, tuned.ComparisonTasks, tuned.LossCap, tuned.Seed));
        Assert.Equal(run.Tasks, tuned.Tasks);
        Assert.Equal(new RunSpecification().PerturbationStd, tuned.PerturbationStd);
    }

    [Theory]
    [InlineData("mlp16")]
    [InlineData("adamRegDecai")]
    public void Of_OptimizerWithoutASpace_IsRefused(string optimizer)
    {
        var error = Assert.ThrowsAny<UserErrorException>(
            () => TunedSpecification.Of(PresetCatalog.Load("quickstart"), optimizer, configurations: 2, tasks: 1));
        Assert.StartsWith(
            $"--optimizer '{optimizer}' must be one with hyper-parameters to search: sgd, momentum,",
            error.Message,
            StringComparison.Ordinal);
    }
}
