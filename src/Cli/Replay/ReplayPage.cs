using LoptCluster.Cli.Report;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Cli.Replay;

/// <summary>The curves of a replay beside the run's: one HTML file without scripts.</summary>
internal static class ReplayPage
{
    private const string Updates = "outer-updates", Run = "run", WhatIf = "replay";

    /// <summary>Limit of plotted norms, which may be infinite.</summary>
    private const double GreatestNorm = 1e30;

    public static string Compose(ReplayResult result) => HtmlTemplate.Load("replay.html")
        .WithMarkup("style", HtmlTemplate.Resource("report.css"))
        .WithText("name", result.Run.Specification.Name)
        .WithText("run", result.Run.RunId)
        .WithText("finding", ReplayText.Finding(result))
        .WithMarkup("plots", string.Concat(Plots(result)))
        .Render();

    private static IEnumerable<string> Plots(ReplayResult result)
    {
        var points = result.Points;
        yield return new SvgPlot(Updates, "distance, units of θ")
            .Line($"{Run}, from the first θ", SvgPlot.Blue, points.Select(p => ((double)p.OuterUpdate, p.RunDistance)))
            .Line($"{WhatIf}, from the first θ", SvgPlot.Orange, points.Select(p => ((double)p.OuterUpdate, p.ReplayDistance)))
            .Line("between the two", SvgPlot.Grey, points.Select(p => ((double)p.OuterUpdate, p.Apart)), dashed: true)
            .ToFigure("How far θ has moved, and how far the two are apart (Euclidean).");
        yield return Pair(
            points, UpdateFigureTable.OuterLoss, "outer-loss",
            "Mean loss of the merged samples. They are the run's: the curves differ only where staleness leaves samples out.", false);
        yield return Pair(points, UpdateFigureTable.GradientNorm, "norm", "Norm of the merged gradient before the clip.", true);
        yield return Pair(
            points, UpdateFigureTable.ClippedFraction, "share", "Share of θ whose gradient the clip cut.", false);
        if (EstimatorRegistry.Find(result.Run.Specification.Estimator).Weighed is { } weighed)
        {
            yield return Pair(
                points, UpdateFigureTable.Weight[weighed], "weight", $"Weight of g_{weighed} in the merge, mean over θ.", false);
        }
    }

    private static string Pair(IReadOnlyList<ReplayedPoint> points, UpdateFigure figure, string axis, string caption, bool log)
    {
        return new SvgPlot(Updates, axis, log)
            .Line(Run, SvgPlot.Blue, points.Select(p => ((double)p.OuterUpdate, Value(p.Run[figure]))))
            .Line(WhatIf, SvgPlot.Orange, points.Select(p => ((double)p.OuterUpdate, Value(p.Replay[figure]))))
            .ToFigure($"{figure.Title}. {caption}");

        double Value(double value) => log && value <= 0 ? double.NaN : Math.Min(value, GreatestNorm);
    }
}
