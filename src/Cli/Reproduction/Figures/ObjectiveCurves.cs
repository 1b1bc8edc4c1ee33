using System.Collections.Immutable;
using LoptCluster.Engine.Datasets;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 5: outer-training for the training loss and for the validation loss, seed by seed.</summary>
internal sealed class ObjectiveCurves : TrainedFigure
{
    public override string Id => "5";

    public override string Title => "Outer-training for the training loss and for the validation loss, seed by seed";

    public override string Claim =>
        "Seeds differ in their outer-loss, there is very little outer-overfitting, and the best go below learning-rate-tuned Adam.";

    public override int PanelColumns => 2;

    public override ImmutableArray<string> Columns => OuterTrainingCurves.Columns;

    public override ImmutableArray<FigureStudy> Studies(FigureSizes sizes, string? data) =>
        [TrainedStudies.OfObjectives(sizes, data)];

    public override double InnerSteps(FigureSizes sizes) => OfObjectives(sizes);

    public override FigureData Make(FigureRun run)
    {
        var trained = run.Train(TrainedStudies.OfObjectives);
        var table = new CsvTable(Columns);
        OuterTrainingCurves.AddTo(table, trained);
        var byObjective = trained.GroupBy(t => t.Case).Select(group => group.ToList()).ToList();
        return new FigureData(
            table,
            [
                .. from runs in byObjective
                   from split in (ClassSplit[])[ClassSplit.OuterTrain, ClassSplit.OuterTest]
                   let word = ComparedCurves.Word(runs[0].Specification.Objective)
                   select ($"For the {word} loss, {(split == ClassSplit.OuterTrain ? "outer-train" : "held-out")} tasks",
                       OuterTrainingCurves.Plot(runs, split)),
            ],
            [.. byObjective.SelectMany(OuterTrainingCurves.Findings)]);
    }
}
