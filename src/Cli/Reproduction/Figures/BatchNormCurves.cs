using System.Collections.Immutable;
using LoptCluster.Cli.Evaluation;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 19: outer-training on convnets with batch normalization, and the best seed against tuned Adam.</summary>
internal sealed class BatchNormCurves : TrainedFigure
{
    public override string Id => "19";

    public override string Title => "Outer-training on convnets with batch normalization, seed by seed";

    public override string Claim =>
        "The learned optimizers beat learning-rate-tuned Adam with four of five seeds, but not Adam with eight tuned hyper-parameters.";

    public override int PanelColumns => 2;

    public override ImmutableArray<string> Columns => OuterTrainingCurves.Columns;

    public override int Seeds(FigureSizes sizes) => sizes.Trained.BatchNormSeeds;

    public override ImmutableArray<FigureStudy> Studies(FigureSizes sizes, string? data) =>
        [TrainedStudies.OfBatchNorm(sizes, data), TrainedStudies.OfBatchNormBaseline(sizes, data)];

    public override double InnerSteps(FigureSizes sizes) => TrainedStudies.OfBatchNorm(sizes, null).InnerSteps + OfSearch(sizes);

    public override FigureData Make(FigureRun run)
    {
        var trained = run.Train(TrainedStudies.OfBatchNorm);
        var best = ThetaComparison.Best(trained, OuterObjective.Valid);
        string searched = run.Train(TrainedStudies.OfBatchNormBaseline).Single().Folder.Theta;
        int tasks = run.Sizes.Trained.HeldOutTasks;
        var result = run.Compare(
            SpecificationKeys.Set(best.Specification, [$"comparisonTasks={tasks}"]),
            best.Theta.Theta.Values.ToArray(),
            [Baseline.Adam, .. ComparedBaselines.Of([searched]).Where(b => b.Name == ThetaComparison.Searched)]);
        var table = new CsvTable(Columns);
        OuterTrainingCurves.AddTo(table, trained);
        return new FigureData(
            table,
            [
                ("Outer-train tasks", OuterTrainingCurves.Plot(trained, ClassSplit.OuterTrain)),
                ("Held-out tasks", OuterTrainingCurves.Plot(trained, ClassSplit.OuterTest)),
            ],
            [
                .. OuterTrainingCurves.Findings(trained),
                .. result.Baselines.SelectMany(b => ComparedCurves.Against(new ThetaComparison(OuterObjective.Valid, result), b.Name)),
            ]);
    }
}
