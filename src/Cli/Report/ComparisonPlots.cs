using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;
using OxyPlot;

namespace LoptCluster.Cli.Report;

/// <summary>Learning curves and improvements of θ against the baselines.</summary>
internal static class ComparisonPlots
{
    private static readonly OxyColor[] Colors = [SvgPlot.Orange, SvgPlot.Green, SvgPlot.Grey];

    public static SvgPlot Curves(Comparison comparison, OuterObjective objective)
    {
        ComparedOptimizer[] optimizers = [.. comparison.Baselines, comparison.Learned];
        Quartiles[] Curve(ComparedOptimizer o) => objective == OuterObjective.Valid ? o.ValidCurve : o.TrainCurve;
        var medians = optimizers.SelectMany(o => Curve(o).Select(q => q.Median)).Where(m => m > 0).ToArray();
        // A range of more than a decade is easier to read on a logarithmic axis.
        bool log = medians.Length > 0 && medians.Max() > 10 * medians.Min();
        var plot = new SvgPlot(comparison.Curve.AreShares ? "share of the horizon" : "inner-steps", ObjectiveText.LossOf(objective), log);
        double floor = log ? medians.Min() / 2 : double.NegativeInfinity;
        for (int i = 0; i < optimizers.Length; i++)
        {
            var color = optimizers[i] == comparison.Learned ? SvgPlot.Blue : Colors[i % Colors.Length];
            var points = Curve(optimizers[i]).Select((q, p) => (X: comparison.Curve.Middle(p), Q: q)).ToArray();
            plot.Band(color, points.Select(p => (p.X, Math.Max(floor, p.Q.Lower), Math.Max(floor, p.Q.Upper))));
            double width = optimizers[i] == comparison.Learned ? 2.6 : 1.6;
            plot.Line(optimizers[i].Title, color, points.Select(p => (p.X, Math.Max(floor, p.Q.Median))), width: width);
        }

        return plot;
    }

    public static SvgPlot Improvements(Comparison comparison)
    {
        var plot = new SvgPlot("held-out tasks, sorted", "θ lower by, % of the baseline");
        for (int i = 0; i < comparison.Baselines.Count; i++)
        {
            double[] sorted = [.. comparison.Against(comparison.Baselines[i].Name).Improvements.Order()];
            plot.Dots($"against {comparison.Baselines[i].Title}", Colors[i % Colors.Length], sorted.Select((x, n) => (n + 1.0, 100 * x)));
        }

        return plot.Line(null, SvgPlot.Grey, [(1, 0), (Math.Max(2, comparison.Tasks), 0)], dashed: true, width: 1);
    }
}
