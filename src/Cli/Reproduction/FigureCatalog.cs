using System.Collections.Immutable;
using LoptCluster.Cli.Reproduction.Figures;
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
        new ThetaPlane(), new TruncationLosses(), new TruncationRates(), new TruncationGradients(),
        new TwoMinimaRateTrajectories(), new TwoMinimaRateLandscape(),
        new OptimizerSpeed(),
        new OuterOptimizerBias(),
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
