using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Learning curves of the learned optimizers and of baselines, median and quartiles over tasks.</summary>
internal static class ComparedCurves
{
    public static ImmutableArray<string> Columns { get; } =
        ["objective", "optimizer", "step", "seconds", "median", "lower", "upper"];

    /// <summary>Adds a comparison's curves to a table, on the split of its objective.</summary>
    public static void AddTo(CsvTable table, ThetaComparison comparison)
    {
        foreach (var (name, _, optimizer) in comparison.Optimizers())
        {
            double stepSeconds = StepSeconds(optimizer);
            foreach (var (step, loss) in comparison.Curve(optimizer))
                table.Add(Word(comparison.Objective), name, step, step * stepSeconds, loss.Median, loss.Lower, loss.Upper);
        }
    }

    /// <summary>The curves by inner-steps, or by seconds of one core.</summary>
    public static SvgPlot Plot(ThetaComparison comparison, bool bySeconds)
    {
        string loss = comparison.Objective == OuterObjective.Valid ? "validation loss (nats)" : "training loss (nats)";
        var plot = new SvgPlot(bySeconds ? "seconds of one core" : "inner-steps", loss, logY: true);
        int index = 0;
        foreach (var (_, title, optimizer) in comparison.Optimizers())
        {
            double scale = bySeconds ? StepSeconds(optimizer) : 1;
            bool isLearned = optimizer.Rules is null;
            var style = isLearned ? PlotStyle.Learned : PlotStyle.OfBaseline(index++);
            var points = comparison.Curve(optimizer).Select(p => (X: p.Step * scale, p.Loss)).ToList();
            if (isLearned) plot.Band(style.Color, points.Select(p => (p.X, p.Loss.Lower, p.Loss.Upper)));
            plot.Line(title, style, points.Select(p => (p.X, p.Loss.Median)), width: isLearned ? 2.6 : 1.6);
        }

        return plot;
    }

    /// <summary>Share of tasks won against a baseline and how far below its loss θ is, by the mean and by the final loss.</summary>
    public static IEnumerable<Finding> Against(ThetaComparison comparison, string baseline)
    {
        var objective = comparison.Objective;
        var against = comparison.Result.Against(baseline, objective);
        string title = $"{Word(objective)} loss against {comparison.TitleOf(baseline)}";
        yield return Finding.Of($"{title}: share of tasks won", against.ShareWon);
        yield return Finding.Over($"{title}: improvement of the mean", Improvements(LossMeasure.Mean(objective)));
        yield return Finding.Of($"{title}: share of tasks won at the end", against.ShareWonFinal);
        yield return Finding.Over($"{title}: improvement at the end", Improvements(LossMeasure.Final(objective)));

        double[] Improvements(LossMeasure loss) => comparison.Result.Improvements(baseline, loss);
    }

    public static string Word(OuterObjective objective) => objective == OuterObjective.Valid ? "validation" : "training";

    private static double StepSeconds(ComparedOptimizer optimizer) =>
        Quartiles.Of(optimizer.StepTimes.Select(time => time.InnerStepSeconds)).Median;
}
