using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 5 and 19: loss on fixed tasks over outer-training, a line for each seed, with tuned Adam's.</summary>
internal static class OuterTrainingCurves
{
    public static ImmutableArray<string> Columns { get; } = ["objective", "seed", "outerUpdate", "outerTrain", "outerTest"];

    public static void AddTo(CsvTable table, IEnumerable<FigureTraining> runs)
    {
        foreach (var run in runs)
        {
            foreach (var (train, test) in run.Curve(ClassSplit.OuterTrain).Zip(run.Curve(ClassSplit.OuterTest)))
                table.Add(ComparedCurves.Word(run.Specification.Objective), run.Seed, train.OuterUpdate, train.Loss, test.Loss);
        }
    }

    /// <summary>One split's curves of the runs of an objective.</summary>
    public static SvgPlot Plot(IReadOnlyList<FigureTraining> runs, ClassSplit split)
    {
        string loss = $"mean {ComparedCurves.Word(runs[0].Specification.Objective)} loss (nats)";
        var plot = new SvgPlot("outer-updates", loss, logY: true);
        long best = runs.MinBy(run => run.OuterTrainLoss)!.Seed;
        foreach (var (i, run) in runs.Index())
        {
            var points = run.Curve(split).Select(point => ((double)point.OuterUpdate, point.Loss)).ToList();
            bool isBest = run.Seed == best;
            plot.Line(
                $"seed {run.Seed}{(isBest ? ", chosen" : "")}", isBest ? PlotStyle.Learned : PlotStyle.OfBaseline(i), points,
                width: isBest ? 2.6 : 1.6);
        }

        double adam = Quartiles.Of(runs.Select(run => run.AdamLoss(split))).Median, end = runs[0].Specification.OuterUpdates;
        return plot.Line("tuned Adam", SvgPlot.Grey, [(0, adam), (end, adam)], dashed: true);
    }

    public static IEnumerable<Finding> Findings(IReadOnlyList<FigureTraining> runs)
    {
        string word = ComparedCurves.Word(runs[0].Specification.Objective);
        yield return Finding.Over($"{word} loss on held-out tasks", runs.Select(run => run.HeldOutLoss));
        yield return Finding.Over($"{word} loss on held-out tasks of tuned Adam", runs.Select(run => run.AdamLoss(ClassSplit.OuterTest)));
        yield return Finding.Of(
            $"{word} loss: share of seeds below tuned Adam",
            runs.Average(run => run.HeldOutLoss < run.AdamLoss(ClassSplit.OuterTest) ? 1.0 : 0));
        yield return Finding.Over(
            $"{word} loss: held-out over outer-train tasks relative to Adam's",
            runs.Select(run =>
                run.HeldOutLoss / run.AdamLoss(ClassSplit.OuterTest) / (run.OuterTrainLoss / run.AdamLoss(ClassSplit.OuterTrain))));
    }
}
