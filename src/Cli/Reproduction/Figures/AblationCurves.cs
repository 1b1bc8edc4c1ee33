using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 17: loss over outer-training with parts of the method removed, by seed, against the share of all inner-steps.</summary>
internal sealed class AblationCurves : TrainedFigure
{
    public override string Id => "17";

    public override string Title => "Outer-training with parts of the method removed";

    public override string Claim =>
        "The curves of the ablations: merged falls steadily, the others stay above, differ more between seeds, or diverge.";

    public override int PanelColumns => 2;

    public override ImmutableArray<string> Columns => ["case", "seed", "share", "outerUpdate", "loss"];

    public override ImmutableArray<FigureStudy> Studies(FigureSizes sizes, string? data) =>
        [TrainedStudies.OfAblations(sizes, data)];

    public override double InnerSteps(FigureSizes sizes) => TrainedStudies.OfAblations(sizes, null).InnerSteps;

    public override FigureData Make(FigureRun run)
    {
        var trained = run.Train(TrainedStudies.OfAblations);
        var table = new CsvTable(Columns);
        var panels = ImmutableArray.CreateBuilder<(string, SvgPlot)>();
        var findings = ImmutableArray.CreateBuilder<Finding>();
        double adam = Quartiles.Of(trained.Select(t => t.AdamLoss(ClassSplit.OuterTrain))).Median;
        var groups = trained.GroupBy(t => t.Case).ToList();
        var merged = Curves(groups.Single(g => g.Key == TrainedStudies.Merged));
        foreach (var group in groups)
        {
            var curves = Curves(group);
            var plot = new SvgPlot("share of the inner-steps of outer-training", "mean loss, outer-train tasks (nats)", logY: true);
            foreach (var (training, points) in group.Zip(curves))
            {
                foreach (var (point, (update, loss)) in points.Zip(training.Curve(ClassSplit.OuterTrain)))
                    table.Add(Word(group.Key), training.Seed, point.Share, update, loss);
            }

            foreach (var (i, points) in curves.Index())
                plot.Line(i == 0 ? group.Key : null, PlotStyle.Learned, points.Select(p => (p.Share, p.Loss)), width: 1.6);
            if (group.Key != TrainedStudies.Merged)
            {
                var style = new PlotStyle(SvgPlot.Grey, 7, 3);
                foreach (var (i, points) in merged.Index())
                    plot.Line(i == 0 ? TrainedStudies.Merged : null, style, points.Select(p => (p.Share, p.Loss)), 1.2);
            }

            plot.Line("tuned Adam", new PlotStyle(SvgPlot.Orange, 2, 2), [(0, adam), (1, adam)], 1.2);
            panels.Add((group.Key, plot));
            findings.Add(Finding.Over($"{group.Key}: loss at half of the inner-steps", curves.Select(c => At(c, 0.5))));
        }

        return new FigureData(table, panels.ToImmutable(), findings.ToImmutable());
    }

    /// <summary>A case's name as a cell of a CSV file.</summary>
    public static string Word(string name) => name.Replace(" = ", "", StringComparison.Ordinal).Replace(' ', '-');

    private static List<(double Share, double Loss)[]> Curves(IEnumerable<FigureTraining> group) =>
    [
        .. from training in @group
           let schedule = TruncationSchedule.Of(training.Specification)
           let all = schedule.TotalSteps(training.Specification.OuterUpdates)
           select training.Curve(ClassSplit.OuterTrain)
               .Select(point => (schedule.TotalSteps(point.OuterUpdate) / all, point.Loss)).ToArray(),
    ];

    private static double At((double Share, double Loss)[] curve, double share) => curve.MinBy(p => Math.Abs(p.Share - share)).Loss;
}
