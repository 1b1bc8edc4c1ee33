using System.Collections.Immutable;
using System.Globalization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Tuning;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.Shared.Studies;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>The outer-trainings behind the figures of trained θ; several figures share one.</summary>
internal static class TrainedStudies
{
    public const string Merged = "merged";
    private const string Baseline = "adamRegDecay";

    private static readonly ImmutableArray<StudyCase> Objectives =
        [new(nameof(OuterObjective.Train), ["objective=train"]), new(nameof(OuterObjective.Valid), ["objective=valid"])];

    /// <summary>Learned optimizers for the training loss and for the validation loss (§4.3).</summary>
    public static FigureStudy OfObjectives(FigureSizes sizes, string? data) =>
        new(Named("objectives", sizes), Specification(sizes, data, sizes.Trained.Values), Objectives, sizes.Seeds);

    /// <summary>Adam's eight hyper-parameters by random search, for either loss (§4.4).</summary>
    public static FigureStudy OfBaseline(FigureSizes sizes, string? data) =>
        new("adam-reg-decay", Searched(sizes, Specification(sizes, data, sizes.Trained.Values)), Objectives, 1);

    /// <summary>The ablations of §4.5. All fixed truncations take the inner-steps of the schedule together.</summary>
    public static FigureStudy OfAblations(FigureSizes sizes, string? data)
    {
        var trained = sizes.Trained;
        var schedule = PresetSelection.Load(trained.AblationPreset, data, [.. trained.AblationValues, .. OfTraining(sizes)]);
        return new FigureStudy(
            Named("ablations", sizes),
            schedule,
            [
                new(Merged, []),
                new("rp alone", ["estimator=rp"]),
                new("es alone", ["estimator=es"]),
                .. trained.FixedTruncations.Select(k => Fixed(schedule, k)),
                new("no momentum inputs", ["momentumInputs=false"]),
                new("no time inputs", ["timeInputs=none"]),
            ],
            sizes.Seeds);
    }

    /// <summary>Of these the runs with nothing removed.</summary>
    public static FigureStudy OfMerged(FigureSizes sizes, string? data)
    {
        var all = OfAblations(sizes, data);
        return all with { Cases = [.. all.Cases.Where(one => one.Name == Merged)] };
    }

    /// <summary>Learned optimizers of convnets with batch normalization (App. J).</summary>
    public static FigureStudy OfBatchNorm(FigureSizes sizes, string? data) => new(
        Named("batch-norm", sizes),
        Specification(sizes, data, sizes.Trained.BatchNormValues),
        [new(nameof(OuterObjective.Valid), ["objective=valid"])],
        sizes.Trained.BatchNormSeeds);

    /// <summary>Adam's eight hyper-parameters on the tasks of <see cref="OfBatchNorm"/>.</summary>
    public static FigureStudy OfBatchNormBaseline(FigureSizes sizes, string? data) => new(
        "batch-norm-adam-reg-decay",
        Searched(sizes, Specification(sizes, data, sizes.Trained.BatchNormValues)),
        [new(nameof(OuterObjective.Valid), ["objective=valid"])],
        1);

    private static RunSpecification Specification(FigureSizes sizes, string? data, ImmutableArray<string> values) =>
        PresetSelection.Load(sizes.Trained.Preset, data, [.. values, .. OfTraining(sizes)]);

    /// <summary>Values of every training. Figures show what diverges, too.</summary>
    private static string[] OfTraining(FigureSizes sizes) =>
        ["divergenceFactor=0", .. sizes.Trained.Synchronous ? (string[])["mode=synchronous", "staleness=off"] : []];

    /// <summary>Synchronous trainings have folders of their own. A random search is the same in either mode.</summary>
    private static string Named(string study, FigureSizes sizes) => sizes.Trained.Synchronous ? $"{study}-synchronous" : study;

    private static RunSpecification Searched(FigureSizes sizes, RunSpecification tasks) =>
        TunedSpecification.Of(tasks, Baseline, sizes.Trained.Configurations, sizes.Trained.SearchTasks);

    private static StudyCase Fixed(RunSpecification scheduled, int k)
    {
        double steps = TruncationSchedule.Of(scheduled).TotalSteps(scheduled.OuterUpdates);
        long updates = Math.Max(1, (long)Math.Round(steps / k));
        long every = Math.Max(1, scheduled.EvaluateEveryUpdates * updates / scheduled.OuterUpdates);
        return new StudyCase(
            string.Create(CultureInfo.InvariantCulture, $"k = {k}"),
            [
                $"truncationFirst={k}", $"truncationLast={k}", "truncationRampUpdates=1", $"outerUpdates={updates}",
                $"evaluateEveryUpdates={every}",
            ]);
    }
}
