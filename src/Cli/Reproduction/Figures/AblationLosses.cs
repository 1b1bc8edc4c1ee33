using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 8: held-out loss after outer-training with parts of the method removed, over seeds.</summary>
internal sealed class AblationLosses : TrainedFigure
{
    public override string Id => "8";

    public override string Title => "Held-out loss after outer-training with parts of the method removed, seed by seed";

    public override string Claim =>
        "The merged estimator is more stable and better than either alone; fixed short truncations converge poorly and long ones vary; "
        + "without momentum inputs training fails, without time inputs it is nearly as good.";

    public override ImmutableArray<string> Columns => ["case", "seed", "best", "last"];

    public override ImmutableArray<FigureStudy> Studies(FigureSizes sizes, string? data) =>
        [TrainedStudies.OfAblations(sizes, data)];

    public override double InnerSteps(FigureSizes sizes) => TrainedStudies.OfAblations(sizes, null).InnerSteps;

    public override FigureData Make(FigureRun run)
    {
        var trained = run.Train(TrainedStudies.OfAblations);
        var table = new CsvTable(Columns);
        var plot = new SvgPlot("case, in the order of the legend", "mean loss, held-out tasks (nats)", logY: true);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (var (i, group) in trained.GroupBy(t => t.Case).Index())
        {
            var losses = group.Select(t => (t.Seed, Best: t.HeldOutLoss, Last: t.Curve(ClassSplit.OuterTest)[^1].Loss)).ToList();
            foreach (var (seed, best, last) in losses) table.Add(AblationCurves.Word(group.Key), seed, best, last);
            plot.Dots($"{i + 1}: {group.Key}", PlotStyle.OfBaseline(i).Color, losses.Select(l => (i + 1.0, l.Best)), size: 4);
            findings.Add(Finding.Over($"{group.Key}: held-out loss of the best version", losses.Select(l => l.Best)));
            findings.Add(Finding.Over($"{group.Key}: held-out loss of the last version", losses.Select(l => l.Last)));
        }

        plot.Dots(
            "at the right of each: the last version", SvgPlot.Grey,
            trained.GroupBy(t => t.Case).Index()
                .SelectMany(g => g.Item.Select(t => (g.Index + 1.25, t.Curve(ClassSplit.OuterTest)[^1].Loss))),
            size: 2.5);
        double adam = Quartiles.Of(trained.Select(t => t.AdamLoss(ClassSplit.OuterTest))).Median;
        int cases = trained.Select(t => t.Case).Distinct().Count();
        plot.Line("tuned Adam", SvgPlot.Grey, [(0.5, adam), (cases + 0.5, adam)], dashed: true);
        findings.Add(Finding.Of("held-out loss of tuned Adam", adam));
        return new FigureData(table, [("", plot)], findings.ToImmutable());
    }
}
