using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>Plots of outer-training over its updates.</summary>
internal static class TrainingPlots
{
    private const int MostPoints = 600;

    /// <summary>Limit of plotted variances, which may be infinite.</summary>
    private const double GreatestVariance = 1e30;

    public static SvgPlot OuterLoss(TrainingRecord training)
    {
        var rows = Thinned(training.History);
        // The first losses are near the cap, the last far below: a factor above 5 is easier to read on a logarithmic axis.
        double least = rows.Min(Loss);
        bool log = least > 0 && rows.Max(Loss) > 5 * least;
        var pale = OxyPlot.OxyColor.FromAColor(0x50, SvgPlot.Blue);
        return new SvgPlot("outer-updates", "outer-loss", log).WithRightAxis("k, inner-steps", minimum: 0)
            .Line("k", SvgPlot.Grey, rows.Select(h => ((double)h.OuterUpdate, Steps(h))), right: true, width: 1)
            .Line("outer-loss of a batch", pale, rows.Select(h => ((double)h.OuterUpdate, Loss(h))), width: 1)
            .Line("smoothed", SvgPlot.Blue, Smoothed(training.History), width: 2.4);
    }

    public static SvgPlot Evaluations(TrainingRecord training)
    {
        var plot = new SvgPlot("outer-updates", "mean loss over the horizon")
            .Markers("θ, outer-train tasks", SvgPlot.Grey, training.History.Select(h => ((double)h.OuterUpdate, h.EvaluationOuterTrain)))
            .Markers("θ, held-out tasks", SvgPlot.Blue, training.History.Select(h => ((double)h.OuterUpdate, h.EvaluationOuterTest)));
        return training.BaselineOuterTest is { } adam
            ? plot.Line("tuned Adam, held-out tasks", SvgPlot.Orange, [(0, adam), (training.OuterUpdates, adam)], dashed: true)
            : plot;
    }

    public static SvgPlot Variances(RunSpecification specification, TrainingRecord training)
    {
        var rows = Thinned(training.History);
        bool adaptive = specification.RpShare == RpSharePolicy.Adaptive;
        var plot = new SvgPlot("outer-updates", "variance of a sample", logY: true)
            .WithRightAxis(adaptive ? "ES weight, share with g_rp" : "ES weight", 0, 1);
        if (adaptive)
        {
            var shares = rows.Select(h => ((double)h.OuterUpdate, RpShare(h)));
            plot.Line("share of samples with g_rp", SvgPlot.Orange, shares, right: true, width: 1.2);
        }

        return plot
            .Line("ES weight", SvgPlot.Grey, rows.Select(h => ((double)h.OuterUpdate, WeightEs(h))), right: true, width: 1.2)
            .Line("σ² of g_rp", SvgPlot.Red, rows.Select(h => ((double)h.OuterUpdate, Bounded(VarianceRp(h)))))
            .Line("σ² of g_es", SvgPlot.Blue, rows.Select(h => ((double)h.OuterUpdate, Bounded(VarianceEs(h)))));
    }

    public static SvgPlot VariancesBySteps(TrainingRecord training)
    {
        var rows = Thinned(training.History);
        return new SvgPlot("k, inner-steps of a truncation", "variance of a sample", logY: true).WithRightAxis("ES weight", 0, 1)
            .Dots("ES weight", SvgPlot.Grey, rows.Select(h => (Steps(h), WeightEs(h))), right: true)
            .Dots("σ² of g_rp", SvgPlot.Red, rows.Select(h => (Steps(h), Bounded(VarianceRp(h)))))
            .Dots("σ² of g_es", SvgPlot.Blue, rows.Select(h => (Steps(h), Bounded(VarianceEs(h)))));
    }

    private static double Loss(HistoryRow row) => row.Figure(UpdateFigureTable.OuterLoss);

    private static double Steps(HistoryRow row) => row.Figure(UpdateFigureTable.TruncationSteps);

    private static double RpShare(HistoryRow row) => row.Figure(UpdateFigureTable.RpShare);

    private static double WeightEs(HistoryRow row) => row.Figure(UpdateFigureTable.Weight[EstimatorId.Es]);

    private static double VarianceRp(HistoryRow row) => row.Figure(UpdateFigureTable.Variance[EstimatorId.Rp]);

    private static double VarianceEs(HistoryRow row) => row.Figure(UpdateFigureTable.Variance[EstimatorId.Es]);

    private static double Bounded(double variance) => Math.Min(GreatestVariance, variance);

    private static HistoryRow[] Thinned(IReadOnlyList<HistoryRow> history)
    {
        int every = Math.Max(1, history.Count / MostPoints);
        return [.. history.Where((_, i) => i % every == 0 || i == history.Count - 1)];
    }

    /// <summary>Centred mean over a fiftieth of the run.</summary>
    private static IEnumerable<(double X, double Y)> Smoothed(IReadOnlyList<HistoryRow> history)
    {
        int half = Math.Max(1, history.Count / 100), every = Math.Max(1, history.Count / MostPoints);
        for (int i = 0; i < history.Count; i += every)
        {
            int from = Math.Max(0, i - half), to = Math.Min(history.Count - 1, i + half);
            yield return (history[i].OuterUpdate, Enumerable.Range(from, to - from + 1).Average(j => Loss(history[j])));
        }
    }
}
