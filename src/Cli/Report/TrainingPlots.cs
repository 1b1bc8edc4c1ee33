using LoptCluster.Coordinator.Operations;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Optimizers;
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
        if (training.History.Any(h => h.AverageOuterTest > 0))
            plot.Markers("average of θ, held-out tasks", SvgPlot.Red, training.History.Select(h => ((double)h.OuterUpdate, Averaged(h))));
        return training.BaselineOuterTest is { } adam
            ? plot.Line("tuned Adam, held-out tasks", SvgPlot.Orange, [(0, adam), (training.OuterUpdates, adam)], dashed: true)
            : plot;
    }

    private static double Averaged(HistoryRow row) => row.AverageOuterTest > 0 ? row.AverageOuterTest : double.NaN;

    public static SvgPlot Variances(RunSpecification specification, TrainingRecord training)
    {
        var rows = Thinned(training.History);
        bool adaptive = specification.RpShare == RpSharePolicy.Adaptive;
        var estimator = EstimatorRegistry.Find(specification.Estimator);
        var plot = new SvgPlot("outer-updates", "variance of a sample", logY: true);
        if (estimator.Weighed is { } weighed)
        {
            string weight = $"{weighed.ShortName} weight";
            plot.WithRightAxis(adaptive ? $"{weight}, share with g_rp" : weight, 0, 1);
            if (adaptive)
            {
                var shares = rows.Select(h => ((double)h.OuterUpdate, RpShare(h)));
                plot.Line("share of samples with g_rp", SvgPlot.Orange, shares, right: true, width: 1.2);
            }

            plot.Line(weight, SvgPlot.Grey, rows.Select(h => ((double)h.OuterUpdate, Weight(h, weighed))), right: true, width: 1.2);
        }

        foreach (var e in estimator.Computed)
            plot.Line($"σ² of g_{e}", Color(estimator, e), rows.Select(h => ((double)h.OuterUpdate, Variance(h, e))));
        return plot;
    }

    public static SvgPlot VariancesBySteps(RunSpecification specification, TrainingRecord training)
    {
        var rows = Thinned(training.History);
        var estimator = EstimatorRegistry.Find(specification.Estimator);
        var plot = new SvgPlot("k, inner-steps of a truncation", "variance of a sample", logY: true);
        if (estimator.Weighed is { } weighed)
        {
            string weight = $"{weighed.ShortName} weight";
            plot.WithRightAxis(weight, 0, 1).Dots(weight, SvgPlot.Grey, rows.Select(h => (Steps(h), Weight(h, weighed))), right: true);
        }

        foreach (var e in estimator.Computed)
            plot.Dots($"σ² of g_{e}", Color(estimator, e), rows.Select(h => (Steps(h), Variance(h, e))));
        return plot;
    }

    /// <summary>A hyper-parameter in its own unit, from its initial value on.</summary>
    public static SvgPlot HyperParameter(HyperParameter parameter, TrainingRecord training)
    {
        var figure = HyperParameterFigure.Of(parameter);
        (double X, double Y)[] points =
            [(0, parameter.Initial), .. Thinned(training.History).Select(h => ((double)h.OuterUpdate, h.Figure(figure)))];
        bool log = figure.Kind == FigureKind.Magnitude && points.Max(p => p.Y) > 5 * points.Min(p => p.Y);
        string title = parameter.Unit.Length == 0 ? parameter.Name : $"{parameter.Name}, {parameter.Unit}";
        return new SvgPlot("outer-updates", title, log).Line(parameter.Name, SvgPlot.Blue, points, width: 2.4);
    }

    private static double Loss(HistoryRow row) => row.Figure(UpdateFigureTable.OuterLoss);

    private static double Steps(HistoryRow row) => row.Figure(UpdateFigureTable.TruncationSteps);

    private static double RpShare(HistoryRow row) => row.Figure(UpdateFigureTable.RpShare);

    private static double Weight(HistoryRow row, EstimatorId estimator) => row.Figure(UpdateFigureTable.Weight[estimator]);

    private static double Variance(HistoryRow row, EstimatorId estimator) =>
        Math.Min(GreatestVariance, row.Figure(UpdateFigureTable.Variance[estimator]));

    private static OxyPlot.OxyColor Color(EstimatorDefinition definition, EstimatorId estimator) =>
        definition.Formed == estimator ? SvgPlot.Blue : SvgPlot.Red;

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
