using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation;

public sealed class BaselineTunerTests
{
    /// <summary>Leaving diverged rates must not change who wins, on any of the four numbers.</summary>
    [Theory]
    [InlineData("adam")]
    [InlineData("rmsProp")]
    [InlineData("momentum")]
    public void Tune_DivergedRatesLeft_FindsWhatAllStepsFind(string name)
    {
        var specification = SmallEvaluation.Specification with { InnerSteps = 400 };
        using var trainer = new InnerTrainer(specification, SmallEvaluation.Dataset);
        var baseline = Baseline.Standard.Single(b => b.Name == name);
        using var optimizer = baseline.Create(trainer.Layout, new UpdateSettings(specification.InnerSteps));
        for (int task = 0; task < 4; task++)
        {
            trainer.Enter(ClassSplit.OuterTest, task);
            foreach (var objective in Enum.GetValues<OuterObjective>())
            {
                var quick = BaselineTuner.Tune(trainer, baseline, optimizer, objective, default);
                var whole = BaselineTuner.Tune(trainer, baseline, optimizer, objective, default, exhaustive: true);
                Assert.Equal(whole.Best, quick.Best);
                Assert.Equal(whole.Setting, quick.Setting);
                Assert.Equal(whole.Shown.ValidCurve, quick.Shown.ValidCurve);
            }
        }
    }
}
