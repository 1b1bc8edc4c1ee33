using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 3b: Adam's learning rate while it is outer-trained, by truncation length.</summary>
internal sealed class TruncationRates : TruncationFigure
{
    public override string Id => "3b";

    public override string Title => "Adam's learning rate while it is outer-trained, by truncation length k";

    public override string Claim =>
        "From 0.001, short truncations lower the learning rate, away from the best one; long truncations raise it.";

    protected override string Quantity => "learningRate";

    protected override string QuantityTitle => "Adam's learning rate";

    protected override bool IsLogarithmic => true;

    public override double InnerSteps(FigureSizes sizes) => base.InnerSteps(sizes) + TruncationStudy.FixedInnerSteps(sizes);

    protected override void Extend(FigureRun run, SvgPlot plot, ImmutableArray<Finding>.Builder findings)
    {
        double end = run.Sizes.InnerTrainings - 1;
        TruncationStudy.DrawStart(run, plot);
        var best = Quartiles.Of(TruncationStudy.Fixed(run).Rows
            .GroupBy(row => row.Count("seed"))
            .Select(seed => seed.GroupBy(row => row.Number("learningRate"))
                .MinBy(rate => rate.Average(row => row.Number("loss")))!.Key));
        plot.Line("best of 10 fixed rates", new PlotStyle(SvgPlot.Blue), [(0, best.Median), (end, best.Median)], width: 1);
        findings.Add(new Finding("best of 10 fixed learning rates", best));
    }
}
