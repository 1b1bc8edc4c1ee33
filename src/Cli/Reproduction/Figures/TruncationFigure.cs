using System.Collections.Immutable;
using LoptCluster.Cli.Report;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 3a and b: a quantity over outer-training, for each truncation length; medians and quartiles over seeds.</summary>
internal abstract class TruncationFigure : PaperFigure
{
    public override ImmutableArray<string> Columns => ["truncation", "training", "median", "lower", "upper"];

    /// <summary>Column of the study's table that is shown.</summary>
    protected abstract string Quantity { get; }

    /// <summary>The quantity with its unit, for axis and numbers.</summary>
    protected abstract string QuantityTitle { get; }

    protected virtual bool IsLogarithmic => false;

    public override double InnerSteps(FigureSizes sizes) => TruncationStudy.InnerSteps(sizes);

    public override FigureData Make(FigureRun run)
    {
        var curves = new TruncationCurves(TruncationStudy.Trained(run, TruncationStudy.Standard), Quantity);
        var table = new CsvTable(Columns);
        var plot = new SvgPlot($"inner-trainings of {run.Sizes.InnerSteps} inner-steps", QuantityTitle, IsLogarithmic);
        curves.Draw(plot, table);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        findings.AddRange(curves.Ends);
        Extend(run, plot, findings);
        return new FigureData(table, [("", plot)], findings.ToImmutable());
    }

    /// <summary>Adds what the panel has beside the curves.</summary>
    protected abstract void Extend(FigureRun run, SvgPlot plot, ImmutableArray<Finding>.Builder findings);
}
