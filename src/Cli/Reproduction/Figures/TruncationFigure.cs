using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 3a and b: a quantity over outer-training, for each truncation length; medians and quartiles over seeds.</summary>
internal abstract class TruncationFigure : PaperFigure
{
    /// <summary>Inner-trainings at the end that a finding averages over.</summary>
    private const int LastTrainings = 5;

    public override ImmutableArray<string> Columns => ["truncation", "training", "median", "lower", "upper"];

    /// <summary>Column of the study's table that is shown.</summary>
    protected abstract string Quantity { get; }

    /// <summary>The quantity with its unit, for axis and numbers.</summary>
    protected abstract string QuantityTitle { get; }

    protected virtual bool IsLogarithmic => false;

    public override double InnerSteps(FigureSizes sizes) => TruncationStudy.InnerSteps(sizes);

    public override FigureData Make(FigureRun run)
    {
        var trained = TruncationStudy.Trained(run);
        var table = new CsvTable(Columns);
        var plot = new SvgPlot($"inner-trainings of {run.Sizes.InnerSteps} inner-steps", QuantityTitle, IsLogarithmic);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (var (k, i) in run.Sizes.Truncations.Select((k, i) => (k, i)))
        {
            var rows = trained.Rows.Where(row => row.Count("truncation") == k).ToList();
            var points = rows.GroupBy(row => row.Count("training"))
                .Select(training => (X: (double)training.Key, Q: Quartiles.Of(training.Select(row => row.Number(Quantity)))))
                .ToList();
            foreach (var (x, q) in points) table.Add(k, (int)x, q.Median, q.Lower, q.Upper);
            var style = PlotStyle.OfBaseline(i);
            plot.Band(style.Color, points.Select(p => (p.X, p.Q.Lower, p.Q.Upper)))
                .Line($"k = {k}", style, points.Select(p => (p.X, p.Q.Median)));
            findings.Add(Finding.Over(
                $"{Quantity} of the last {LastTrainings} inner-trainings at k = {k}",
                rows.GroupBy(row => row.Count("seed")).Select(seed => seed.TakeLast(LastTrainings).Average(row => row.Number(Quantity)))));
        }

        Extend(run, plot, findings);
        return new FigureData(table, [("", plot)], findings.ToImmutable());
    }

    /// <summary>Adds what the panel has beside the curves.</summary>
    protected abstract void Extend(FigureRun run, SvgPlot plot, ImmutableArray<Finding>.Builder findings);
}
