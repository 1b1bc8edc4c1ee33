using System.Collections.Immutable;
using System.Globalization;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 10 and 11: validation loss on single tasks, held out or of outer-training.</summary>
internal sealed class TaskCurves(string id, string title, string claim, ClassSplit split) : TrainedFigure
{
    public override string Id => id;

    public override string Title => title;

    public override string Claim => claim;

    public override int PanelColumns => 2;

    public override ImmutableArray<string> Columns => ["task", "optimizer", "step", "loss"];

    public override ImmutableArray<FigureStudy> Studies(FigureSizes sizes, string? data) =>
        [TrainedStudies.OfObjectives(sizes, data), TrainedStudies.OfBaseline(sizes, data)];

    public override double InnerSteps(FigureSizes sizes) =>
        OfObjectives(sizes) + OfSearch(sizes) + OfComparison(sizes, sizes.Trained.ShownTasks, others: 2);

    public override FigureData Make(FigureRun run)
    {
        int tasks = run.Sizes.Trained.ShownTasks;
        var comparison = ThetaComparison.Of(run, OuterObjective.Valid, [], tasks, split, searched: true);
        var table = new CsvTable(Columns);
        var panels = ImmutableArray.CreateBuilder<(string, SvgPlot)>();
        for (int task = 0; task < tasks; task++)
        {
            var plot = new SvgPlot("inner-steps", "validation loss (nats)", logY: true);
            int index = 0;
            foreach (var (name, optimizerTitle, optimizer) in comparison.Optimizers())
            {
                var points = optimizer.ValidCurves[task]
                    .Select((loss, i) => (X: (double)comparison.Result.Curve.End(i, comparison.Result.InnerSteps[task]), Y: (double)loss))
                    .ToList();
                foreach (var (x, y) in points) table.Add(task, name, (int)x, y);
                bool isLearned = optimizer.Rules is null;
                plot.Line(
                    optimizerTitle, isLearned ? PlotStyle.Learned : PlotStyle.OfBaseline(index++), points, width: isLearned ? 2.6 : 1.6);
            }

            panels.Add((string.Create(CultureInfo.InvariantCulture, $"Task {task + 1}"), plot));
        }

        return new FigureData(
            table,
            panels.ToImmutable(),
            [
                .. comparison.Result.Baselines.Select(b => Finding.Of(
                    $"share of these tasks with a lower mean loss than {comparison.TitleOf(b.Name)}",
                    comparison.Result.Against(b.Name, OuterObjective.Valid).ShareWon)),
            ]);
    }
}
