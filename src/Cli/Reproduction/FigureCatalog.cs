using System.Collections.Immutable;
using LoptCluster.Cli.Reproduction.Figures;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction;

/// <summary>All figures that can be made, in the paper's order.</summary>
internal static class FigureCatalog
{
    /// <summary>Word that selects every figure.</summary>
    public const string Every = "all";

    public static ImmutableArray<PaperFigure> All { get; } =
    [
        new TwoMinimaSurface(), new TwoMinimaTrajectories(), new TwoMinimaLandscape(), new RateTrajectories(), new ThetaSlice(),
        new ThetaPlane(), new TruncationLosses(), new TruncationRates(), new TruncationGradients(), new VarianceCurves(),
        new ObjectiveCurves(),
        new HeldOutCurves(
            "6a", OuterObjective.Train,
            "The optimizer learned for the training loss approaches zero training loss faster than the tuned baselines."),
        new HeldOutCurves(
            "6b", OuterObjective.Valid,
            "The optimizer learned for the validation loss is as fast and reaches a lower validation loss; the one for the training loss "
                + "overfits."),
        new ImprovementDistribution(),
        TransferCurves.SixLayersShown,
        new AblationLosses(), new TwoMinimaRateTrajectories(), new TwoMinimaRateLandscape(),
        new TaskCurves(
            "10", "Validation loss on held-out tasks, one by one", "The learned optimizers are ahead on further held-out tasks.",
            ClassSplit.OuterTest),
        new TaskCurves(
            "11", "Validation loss on tasks of outer-training, one by one",
            "On tasks of outer-training the curves are like those of held-out tasks.", ClassSplit.OuterTrain),
        .. TransferCurves.Others,
        new AblationCurves(), new OuterOptimizerBias(), new BatchNormCurves(), new LongTraining(), new OptimizerSpeed(),
    ];

    /// <summary>One figure by its id, the panels of a figure by its number, or all.</summary>
    /// <exception cref="UserErrorException">There is no such figure.</exception>
    public static ImmutableArray<PaperFigure> Select(string name)
    {
        if (name == Every) return All;
        ImmutableArray<PaperFigure> selected = [.. All.Where(f => f.Id == name || f.Id.TrimEnd('a', 'b', 'c', 'd', 'e', 'f') == name)];
        if (!selected.IsEmpty) return selected;
        string nearest = Nearest.Of(name, All.Select(f => f.Id)) is { } id ? $" Did you mean '{id}'?" : "";
        throw new UserErrorException(
            $"Figure '{name}' cannot be made.{nearest} Use one of {string.Join(", ", All.Select(f => f.Id))}, a number such as "
            + $"'{All[0].Id[..1]}' for all panels of a figure, or '{Every}'.");
    }
}
