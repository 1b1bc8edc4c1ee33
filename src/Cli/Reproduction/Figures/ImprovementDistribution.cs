using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 6c: difference of the mean loss between Adam with eight tuned hyper-parameters and θ, task by task.</summary>
internal sealed class ImprovementDistribution : TrainedFigure
{
    public override string Id => "6c";

    public override string Title => "Mean loss of tuned Adam + Reg + Decay minus that of θ, on each held-out task";

    public override string Claim =>
        "On the majority of held-out tasks the learned optimizers have the lower mean loss than tuned Adam + Reg + Decay.";

    public override ImmutableArray<string> Columns => ["objective", "task", "difference"];

    public override ImmutableArray<FigureStudy> Studies(FigureSizes sizes, string? data) =>
        [TrainedStudies.OfObjectives(sizes, data), TrainedStudies.OfBaseline(sizes, data)];

    public override double InnerSteps(FigureSizes sizes) =>
        OfObjectives(sizes) + (2 * (OfSearch(sizes) + OfComparison(sizes, sizes.Trained.HeldOutTasks, others: 2)));

    public override FigureData Make(FigureRun run)
    {
        var table = new CsvTable(Columns);
        var plot = new SvgPlot("share of tasks with a smaller difference", "difference of the mean loss (nats)");
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (var objective in ThetaComparison.Objectives)
        {
            int tasks = run.Sizes.Trained.HeldOutTasks;
            var result = ThetaComparison.Of(run, objective, [], tasks, ClassSplit.OuterTest, searched: true).Result;
            string word = ComparedCurves.Word(objective);
            var loss = LossMeasure.Mean(objective);
            var baseline = result.Baselines.Single(b => b.Name == ThetaComparison.Searched);
            double[] differences = [.. baseline.Losses.Zip(result.Learned.Losses, (b, l) => loss.Of(b) - loss.Of(l))];
            foreach (var (task, difference) in differences.Index()) table.Add(word, task, difference);
            var style = objective == OuterObjective.Train ? PlotStyle.OfBaseline(1) : PlotStyle.Learned;
            plot.Line($"{word} loss", style, differences.Order().Select((d, i) => ((i + 0.5) / differences.Length, d)));
            findings.Add(Finding.Of($"{word} loss: share of tasks on which θ is lower", differences.Average(d => d > 0 ? 1.0 : 0)));
            findings.Add(Finding.Over($"{word} loss: difference over the tasks", differences));
        }

        plot.Line("equal", SvgPlot.Grey, [(0, 0), (1, 0)], dashed: true, width: 1);
        return new FigureData(table, [("", plot)], findings.ToImmutable());
    }
}
