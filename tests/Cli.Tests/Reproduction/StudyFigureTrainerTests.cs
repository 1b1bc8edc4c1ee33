using LoptCluster.Cli.Reproduction;
using LoptCluster.Cli.Reproduction.Figures;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.Shared.Studies;
using Xunit;

namespace LoptCluster.Cli.Tests.Reproduction;

public sealed class StudyFigureTrainerTests(TrainedRuns runs) : IClassFixture<TrainedRuns>
{
    [Fact]
    public void Train_AStudy_LeavesThetaAndItsCourse()
    {
        var learned = runs.Learned;

        Assert.Equal(("Train", 1), (learned.Case, learned.Seed));
        Assert.Equal(learned.Specification.OuterUpdates, learned.Course.Updates.Length);
        Assert.Equal([0, 1, 2, 3], learned.Curve(ClassSplit.OuterTest).Select(p => p.OuterUpdate));
        Assert.Contains(learned.HeldOutLoss, learned.Curve(ClassSplit.OuterTest).Select(p => p.Loss));
        Assert.True(double.IsFinite(learned.AdamLoss(ClassSplit.OuterTrain)));
        Assert.Equal(OptimizerFamilies.AdamRegDecay.Kind, runs.Searched.Theta.Optimizer);
    }

    [Fact]
    public void Train_Again_TrainsNothing()
    {
        string before = runs.Output.ToString();
        var written = File.GetLastWriteTimeUtc(runs.Learned.Folder.Summary);

        var again = runs.Trainer.Train(
            TrainedRuns.Study(TrainedStudies.OfObjectives(TinySizes.Value, null)), TestContext.Current.CancellationToken);

        Assert.Equal(runs.Learned.Folder.Path, again[0].Folder.Path);
        Assert.Equal(written, File.GetLastWriteTimeUtc(runs.Learned.Folder.Summary));
        Assert.Equal(before, runs.Output.ToString());
    }

    /// <summary>Figures of synchronous trainings can be compared number by number.</summary>
    [Fact]
    public void Train_SynchronousTwice_GivesTheSameThetasAndLosses()
    {
        var sizes = TinySizes.Value with { Trained = TinySizes.Value.Trained with { Synchronous = true } };
        var study = TrainedRuns.Study(TrainedStudies.OfObjectives(sizes, null));
        var first = runs.Trainer.Train(study, TestContext.Current.CancellationToken)[0];
        Assert.NotEqual(runs.Learned.Folder.Path, first.Folder.Path);

        var second = runs.Elsewhere.Train(study, TestContext.Current.CancellationToken)[0];

        Assert.NotEqual(first.Folder.Path, second.Folder.Path);
        Assert.Equal(first.Theta.Theta.Values.ToArray(), second.Theta.Theta.Values.ToArray());
        Assert.Equal(first.Course.Updates.Length, second.Course.Updates.Length);
        foreach (var split in Enum.GetValues<ClassSplit>()) Assert.Equal(first.Curve(split), second.Curve(split));
    }

    [Fact]
    public void Studies_Synchronous_AreAllButTheSearches()
    {
        var sizes = FigureSizes.Of(ReproductionScale.Small);
        sizes = sizes with { Trained = sizes.Trained with { Synchronous = true } };
        FigureStudy[] trained =
            [TrainedStudies.OfObjectives(sizes, null), TrainedStudies.OfAblations(sizes, null), TrainedStudies.OfBatchNorm(sizes, null)];
        Assert.All(trained, study => Assert.Equal(RunMode.Synchronous, study.Base.Mode));
        Assert.Equal(RunMode.Search, TrainedStudies.OfBaseline(sizes, null).Base.Mode);
        Assert.Equal("adam-reg-decay", TrainedStudies.OfBaseline(sizes, null).Name);
    }

    [Fact]
    public void Train_ImageFilesThatAreMissing_IsRefusedBeforeAnyRun()
    {
        string before = runs.Output.ToString();
        var study = TrainedStudies.OfObjectives(FigureSizes.Of(ReproductionScale.Paper), null);

        var error = Assert.Throws<UserErrorException>(() => runs.Trainer.Train(study, TestContext.Current.CancellationToken));

        Assert.StartsWith("dataset 'files' needs a folder. Pass --data DIR", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, runs.Output.ToString());
    }

    public static TheoryData<int> Scales => [0, 1];

    [Theory]
    [MemberData(nameof(Scales))]
    public void Studies_AtEitherScale_AreStudyFilesWithEveryRun(int scale)
    {
        var sizes = FigureSizes.Of((ReproductionScale)scale);
        FigureStudy[] studies =
        [
            TrainedStudies.OfObjectives(sizes, null), TrainedStudies.OfBaseline(sizes, null), TrainedStudies.OfAblations(sizes, null),
            TrainedStudies.OfBatchNorm(sizes, null), TrainedStudies.OfBatchNormBaseline(sizes, null),
        ];
        Assert.Equal(studies.Length, studies.Select(s => s.Name).Distinct().Count());
        foreach (var study in studies)
        {
            string preset = Path.GetTempFileName();
            try
            {
                File.WriteAllText(preset, PresetFile.Write(study.Base, "Of a test."));
                var file = StudyFile.Parse(study.ToToml(preset, null), "study.toml");

                Assert.Equal(study.Cases.Length * study.Seeds, file.Runs.Length);
                Assert.Equal(study.Cases.Select(c => c.Name), file.Runs.Select(r => r.Case!.Name).Distinct());
                Assert.True(study.InnerSteps > 0);
            }
            finally
            {
                File.Delete(preset);
            }
        }
    }

    /// <summary>Fixed truncations take as many inner-steps as the schedule.</summary>
    [Fact]
    public void Ablations_FixedTruncations_TakeTheInnerStepsOfTheSchedule()
    {
        var study = TrainedStudies.OfAblations(FigureSizes.Of(ReproductionScale.Small), null);
        double Steps(string name) => (study with { Cases = [.. study.Cases.Where(c => c.Name == name)] }).InnerSteps;

        double merged = Steps(TrainedStudies.Merged);

        Assert.All(["k = 10", "k = 100", "k = 1000"], name => Assert.InRange(Steps(name) / merged, 0.98, 1.02));
        Assert.Equal(0.5, Steps("es alone") / merged);
    }
}
