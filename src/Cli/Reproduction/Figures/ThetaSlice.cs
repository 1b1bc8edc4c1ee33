using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 2e: a slice through the outer-loss of the learned optimizer along its gradient.</summary>
internal sealed class ThetaSlice : PaperFigure
{
    private const double Radius = 1;

    /// <summary>The paper shows 5, 10 and 20; the last is added, where the losses leave the start.</summary>
    private static readonly ImmutableArray<int> Steps = [5, 10, 20, 100];

    public override string Id => "2e";

    public override string Title => "Slice through the learned optimizer's outer-loss along its gradient";

    public override string Claim => "Along a slice through θ the validation outer-loss grows more complex with the number of inner-steps.";

    public override ImmutableArray<string> Columns => ["seed", "steps", "distance", "loss"];

    public override double InnerSteps(FigureSizes sizes) => 2.0 * sizes.Seeds * sizes.SlicePoints * Steps.Sum();

    public override FigureData Make(FigureRun run)
    {
        long[] seeds = [.. run.Seeds];
        var tables = run.Measure(
            seeds,
            seed => $"{Id}-seed{seed} {run.Sizes.SlicePoints} {Radius} {SpecificationJson.Hash(run.Specification(seed))}",
            seed => Measure(run, seed));
        var table = new CsvTable(Columns);
        foreach (var row in tables.SelectMany(t => t.Rows)) table.Add([.. row.Cells]);

        var plot = new SvgPlot("distance from the initial θ along the gradient of L(20)", "L(θ), validation (nats)", logY: true);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (var (steps, i) in Steps.Select((steps, i) => (steps, i)))
        {
            var slices = tables.Select(t => Points(t, steps)).ToList();
            plot.Line($"{steps} inner-steps", PlotStyle.OfBaseline(i), slices[0], width: 1.4);
            findings.Add(Finding.Over($"steepest slope at {steps} inner-steps", slices.Select(Steepest)));
            findings.Add(Finding.Over($"local minima at {steps} inner-steps", slices.Select(s => (double)Minima(s))));
        }

        return new FigureData(table, [("Seed 1", plot)], findings.ToImmutable());
    }

    private static List<(double X, double Y)> Points(CsvTable table, int steps) =>
        [.. table.Rows.Where(row => row.Count("steps") == steps).Select(row => (row.Number("distance"), row.Number("loss")))];

    private static double Steepest(List<(double X, double Y)> slice) =>
        slice.Zip(slice.Skip(1), (a, b) => Math.Abs((b.Y - a.Y) / (b.X - a.X))).Max();

    private static int Minima(List<(double X, double Y)> slice) =>
        Enumerable.Range(1, slice.Count - 2).Count(i => slice[i].Y < slice[i - 1].Y && slice[i].Y < slice[i + 1].Y);

    private CsvTable Measure(FigureRun run, long seed)
    {
        using var landscape = new ThetaLandscape(run, run.Specification(seed));
        var table = new CsvTable(Columns);
        foreach (int steps in Steps)
        {
            for (int i = 0; i < run.Sizes.SlicePoints; i++)
            {
                double distance = Radius * ((2.0 * i / (run.Sizes.SlicePoints - 1)) - 1);
                table.Add(seed, steps, distance, landscape.Loss(distance, steps, run.Cancellation));
            }
        }

        return table;
    }
}
