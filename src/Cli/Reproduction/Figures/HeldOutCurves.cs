using System.Collections.Immutable;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 6a and b: learning curves on held-out tasks, by inner-steps and by seconds, for one of the losses.</summary>
internal sealed class HeldOutCurves(string id, OuterObjective objective, string claim) : TrainedFigure
{
    public override string Id => id;

    public override string Title => objective == OuterObjective.Train
        ? "Training loss on held-out tasks: learned optimizers and tuned baselines"
        : "Validation loss on held-out tasks: learned optimizers and tuned baselines";

    public override string Claim => claim;

    public override ImmutableArray<string> Columns => ComparedCurves.Columns;

    public override ImmutableArray<FigureStudy> Studies(FigureSizes sizes, string? data) =>
        [TrainedStudies.OfObjectives(sizes, data), TrainedStudies.OfBaseline(sizes, data)];

    public override double InnerSteps(FigureSizes sizes) =>
        OfObjectives(sizes) + OfSearch(sizes) + OfComparison(sizes, sizes.Trained.HeldOutTasks, others: 2);

    public override FigureData Make(FigureRun run)
    {
        var comparison = ThetaComparison.Of(
            run, objective, [], run.Sizes.Trained.HeldOutTasks, ClassSplit.OuterTest, searched: true);
        var table = new CsvTable(Columns);
        ComparedCurves.AddTo(table, comparison);
        return new FigureData(
            table,
            [
                ("By inner-steps", ComparedCurves.Plot(comparison, bySeconds: false)),
                ("By time, measured on this machine", ComparedCurves.Plot(comparison, bySeconds: true)),
            ],
            [.. comparison.Result.Baselines.SelectMany(b => ComparedCurves.Against(comparison, b.Name))]);
    }
}
