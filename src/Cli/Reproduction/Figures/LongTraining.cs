using System.Collections.Immutable;
using System.Globalization;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 20: inner-training ten times longer than in outer-training, on single held-out tasks.</summary>
internal sealed class LongTraining : TrainedFigure
{
    private const int Factor = 10;

    public override string Id => "20";

    public override string Title => "The learned optimizer for the validation loss, inner-trained ten times longer than in outer-training";

    public override string Claim => "Training and validation loss stay consistent far beyond the inner-steps of outer-training.";

    public override int PanelColumns => 2;

    public override ImmutableArray<string> Columns => ["task", "step", "training", "validation"];

    public override ImmutableArray<FigureStudy> Studies(FigureSizes sizes, string? data) =>
        [TrainedStudies.OfObjectives(sizes, data)];

    public override double InnerSteps(FigureSizes sizes) => OfObjectives(sizes) + OfTheta(sizes, sizes.Trained.ShownTasks, Factor);

    public override FigureData Make(FigureRun run)
    {
        var trained = ThetaComparison.Best(run.Train(TrainedStudies.OfObjectives), OuterObjective.Valid);
        int seen = trained.Specification.InnerSteps, tasks = run.Sizes.Trained.ShownTasks;
        var longer = SpecificationKeys.Set(
            trained.Specification,
            [
                $"innerSteps={Factor * seen}", $"curveEverySteps={Factor * trained.Specification.CurveEverySteps}",
                $"comparisonTasks={tasks}",
            ]);
        var result = run.Compare(longer, trained.Theta.Theta.Values.ToArray(), [], ClassSplit.OuterTest);
        var table = new CsvTable(Columns);
        var panels = ImmutableArray.CreateBuilder<(string, SvgPlot)>();
        for (int task = 0; task < tasks; task++)
        {
            float[] train = result.Learned.TrainCurves[task], valid = result.Learned.ValidCurves[task];
            double[] steps = [.. train.Select((_, i) => (double)result.Curve.End(i, longer.InnerSteps))];
            for (int i = 0; i < steps.Length; i++) table.Add(task, (int)steps[i], train[i], valid[i]);
            double least = Math.Max(1e-6, Math.Min(train.Min(), valid.Min())), greatest = Math.Max(train.Max(), valid.Max());
            panels.Add((
                string.Create(CultureInfo.InvariantCulture, $"Held-out task {task + 1}"),
                new SvgPlot("inner-steps", "loss (nats)", logY: true)
                    .Line("validation", PlotStyle.Learned, steps.Zip(valid, (x, y) => (x, (double)y)))
                    .Line("training", PlotStyle.OfBaseline(1), steps.Zip(train, (x, y) => (x, (double)y)))
                    .Line("T of outer-training", SvgPlot.Grey, [(seen, least), (seen, greatest)], dashed: true)));
        }

        return new FigureData(
            table,
            panels.ToImmutable(),
            [
                Finding.Over($"validation loss after {seen} inner-steps", At(result.Learned.ValidCurves, seen)),
                Finding.Over($"validation loss after {longer.InnerSteps} inner-steps", At(result.Learned.ValidCurves, longer.InnerSteps)),
                Finding.Over($"training loss after {seen} inner-steps", At(result.Learned.TrainCurves, seen)),
                Finding.Over($"training loss after {longer.InnerSteps} inner-steps", At(result.Learned.TrainCurves, longer.InnerSteps)),
            ]);

        IEnumerable<double> At(float[][] curves, int step) =>
            curves.Select(curve => (double)curve[Math.Max(0, (step / longer.CurveEverySteps) - 1)]);
    }
}
