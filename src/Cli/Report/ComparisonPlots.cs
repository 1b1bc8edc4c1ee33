using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Evaluation.Judgement;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>Learning curves, improvements and performance profiles of θ and the baselines.</summary>
internal static class ComparisonPlots
{
    /// <summary>More bands than these cover each other: then θ alone has one.</summary>
    public const int MostBands = 4;

    public static SvgPlot Curves(Comparison comparison, OuterObjective objective)
    {
        var optimizers = Drawn(comparison);
        Quartiles[] Curve(ComparedOptimizer o) => objective == OuterObjective.Valid ? o.ValidCurve : o.TrainCurve;
        var medians = optimizers.SelectMany(o => Curve(o.Optimizer).Select(q => q.Median)).Where(m => m > 0).ToArray();
        // A range of more than a decade is easier to read on a logarithmic axis.
        bool log = medians.Length > 0 && medians.Max() > 10 * medians.Min();
        var plot = new SvgPlot(comparison.Curve.AreShares ? "share of the horizon" : "inner-steps", ObjectiveText.LossOf(objective), log);
        double floor = log ? medians.Min() / 2 : double.NegativeInfinity;
        foreach (var (optimizer, style, width) in optimizers)
        {
            var points = Curve(optimizer).Select((q, p) => (X: comparison.Curve.Middle(p), Q: q)).ToArray();
            if (optimizers.Length <= MostBands || optimizer == comparison.Learned)
                plot.Band(style.Color, points.Select(p => (p.X, Math.Max(floor, p.Q.Lower), Math.Max(floor, p.Q.Upper))));
            plot.Line(optimizer.Title, style, points.Select(p => (p.X, Math.Max(floor, p.Q.Median))), width);
        }

        return plot;
    }

    public static SvgPlot Improvements(Comparison comparison)
    {
        var plot = new SvgPlot("held-out tasks, sorted", "(baseline − θ) / baseline, %");
        foreach (var (baseline, style, width) in Drawn(comparison).SkipLast(1))
        {
            double[] sorted = [.. comparison.Against(baseline.Name).Improvements.Order()];
            plot.Line($"against {baseline.Title}", style, sorted.Select((x, n) => (n + 1.0, 100 * x)), width);
        }

        return plot.Line(null, SvgPlot.Grey, [(1, 0), (Math.Max(2, comparison.Tasks), 0)], dashed: true, width: 1);
    }

    /// <summary>Share of tasks within each factor of the best optimizer's loss.</summary>
    /// <param name="comparison">All optimizers, which decide the lines' styles.</param>
    /// <param name="judgement">Those of one ruleset.</param>
    public static SvgPlot Profile(Comparison comparison, ComparisonJudgement judgement, LossMeasure measure)
    {
        var ratios = judgement.Optimizers.Zip(judgement.Ratios(measure)).ToDictionary(p => p.First, p => p.Second);
        // To where half of the optimizers are within the factor on nearly all tasks: the rest may be arbitrarily far.
        double end = PerformanceProfile.Factors.Skip(1).FirstOrDefault(
            factor => 2 * ratios.Values.Count(r => PerformanceProfile.ShareWithin(r, factor) >= 0.9) >= ratios.Count,
            PerformanceProfile.Factors[^1]);
        var plot = new SvgPlot("factor τ", "share of tasks within τ of the best").WithShares(1, end);
        foreach (var (optimizer, style, width) in Drawn(comparison).Where(drawn => ratios.ContainsKey(drawn.Optimizer)))
            plot.Line(optimizer.Title, style, Stairs(ratios[optimizer], end), width);
        return plot;
    }

    private static IEnumerable<(double Factor, double Share)> Stairs(double[] ratios, double end)
    {
        double share = PerformanceProfile.ShareWithin(ratios, 1);
        yield return (1, share);
        foreach (double factor in ratios.Where(r => r > 1 && r <= end).Distinct().Order())
        {
            yield return (factor, share);
            yield return (factor, share = PerformanceProfile.ShareWithin(ratios, factor));
        }

        yield return (end, share);
    }

    /// <summary>The baselines, and θ above them.</summary>
    private static (ComparedOptimizer Optimizer, PlotStyle Style, double Width)[] Drawn(Comparison comparison) =>
    [
        .. comparison.Baselines.Select((baseline, i) => (baseline, PlotStyle.OfBaseline(i), 1.6)),
        (comparison.Learned, PlotStyle.Learned, 2.6),
    ];
}
