using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 2f: planes through the outer-loss of the learned optimizer.</summary>
internal sealed class ThetaPlane : PaperFigure
{
    private const double Radius = 1;
    private static readonly ImmutableArray<int> Steps = [5, 10, 20, 50];

    public override string Id => "2f";

    public override string Title => "Planes through the learned optimizer's outer-loss (darker is lower, by its logarithm)";

    public override string Claim => "In planes through θ the training outer-loss shows the same pathologies as the inner-steps grow.";

    public override ImmutableArray<string> Columns => ["seed", "steps", "along", "across", "loss"];

    public override int PanelColumns => 2;

    public override double InnerSteps(FigureSizes sizes) => (double)sizes.Seeds * sizes.PlanePoints * sizes.PlanePoints * Steps.Sum();

    public override FigureData Make(FigureRun run)
    {
        long[] seeds = [.. run.Seeds];
        var tables = run.Measure(
            seeds,
            seed => $"{Id}-seed{seed} {run.Sizes.PlanePoints} {Radius} {SpecificationJson.Hash(Specification(run, seed))}",
            seed => Measure(run, seed));
        var table = new CsvTable(Columns);
        foreach (var row in tables.SelectMany(t => t.Rows)) table.Add([.. row.Cells]);

        var panels = ImmutableArray.CreateBuilder<(string, SvgPlot)>();
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (int steps in Steps)
        {
            var planes = tables.Select(t => Plane(t, steps, run.Sizes.PlanePoints)).ToList();
            var values = planes[0].Cast<double>();
            panels.Add((
                FormattableString.Invariant($"{steps} inner-steps, seed 1: ")
                + FormattableString.Invariant($"{values.Min():0.00} (black) to {values.Max():0.00} nats (white)"),
                new SvgPlot("along the gradient", "across, at random").Plane(Logarithms(planes[0]), Radius)));
            findings.Add(Finding.Over($"range of the loss at {steps} inner-steps", planes.Select(Range)));
            findings.Add(Finding.Over($"steepest slope at {steps} inner-steps", planes.Select(Steepest)));
        }

        return new FigureData(table, panels.ToImmutable(), findings.ToImmutable());
    }

    private static RunSpecification Specification(FigureRun run, long seed) => run.Specification(seed, "objective=train");

    private static double[,] Plane(CsvTable table, int steps, int points)
    {
        double[,] plane = new double[points, points];
        int i = 0;
        foreach (var row in table.Rows.Where(row => row.Count("steps") == steps))
        {
            plane[i / points, i % points] = row.Number("loss");
            i++;
        }

        return plane;
    }

    private static double Range(double[,] plane) => plane.Cast<double>().Max() - plane.Cast<double>().Min();

    private static double[,] Logarithms(double[,] plane)
    {
        double[,] logarithms = new double[plane.GetLength(0), plane.GetLength(1)];
        for (int i = 0; i < logarithms.GetLength(0); i++)
        {
            for (int j = 0; j < logarithms.GetLength(1); j++) logarithms[i, j] = Math.Log(plane[i, j]);
        }

        return logarithms;
    }

    /// <summary>Greatest difference of neighbours over their distance.</summary>
    private static double Steepest(double[,] plane)
    {
        int points = plane.GetLength(0);
        double steepest = 0;
        for (int i = 0; i < points; i++)
        {
            for (int j = 1; j < points; j++)
            {
                steepest = Math.Max(steepest, Math.Abs(plane[i, j] - plane[i, j - 1]));
                steepest = Math.Max(steepest, Math.Abs(plane[j, i] - plane[j - 1, i]));
            }
        }

        return steepest * (points - 1) / (2 * Radius);
    }

    private CsvTable Measure(FigureRun run, long seed)
    {
        using var landscape = new ThetaLandscape(run, Specification(run, seed));
        float[] across = RandomDirections.Across(RandomDirections.Draw(seed, 2, landscape.Gradient.Length), landscape.Gradient);
        int points = run.Sizes.PlanePoints;
        var table = new CsvTable(Columns);
        foreach (int steps in Steps)
        {
            for (int i = 0; i < points * points; i++)
            {
                double x = At(i / points, points), y = At(i % points, points);
                table.Add(seed, steps, x, y, landscape.Loss(x, steps, run.Cancellation, y, across));
            }
        }

        return table;
    }

    private static double At(int i, int points) => Radius * ((2.0 * i / (points - 1)) - 1);
}
