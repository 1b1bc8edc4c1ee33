using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Pathologies;
using LoptCluster.Shared.Specification;
using OxyPlot;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 2d: a small MLP trained by Adam with nearly equal learning rates, in a random projection.</summary>
internal sealed class RateTrajectories : PaperFigure
{
    private const double LeastRate = 0.1469;
    private const double GreatestRate = 0.1484;
    private const int Steps = 40;
    private static readonly ImmutableArray<int> FindingSteps = [1, 10, 20, Steps];

    public override string Id => "2d";

    public override string Title => "Inner-training of a small MLP with Adam, learning rates 0.1469 to 0.1484";

    public override string Claim =>
        "Trajectories of nearly equal learning rates are similar at first, and diverge to drastically different networks.";

    public override ImmutableArray<string> Columns => ["seed", "learningRate", "step", "x", "y", "distance"];

    public override double InnerSteps(FigureSizes sizes) => sizes.Seeds * sizes.Trajectories * (double)Steps;

    public override FigureData Make(FigureRun run)
    {
        long[] seeds = [.. run.Seeds];
        var tables = run.Measure(
            seeds,
            seed => $"{Id}-seed{seed} {run.Sizes.Trajectories} {SpecificationJson.Hash(Specification(run, seed))}",
            seed => Measure(run, seed));
        var table = new CsvTable(Columns);
        foreach (var row in tables.SelectMany(t => t.Rows)) table.Add([.. row.Cells]);

        var distances = table.Rows
            .GroupBy(row => (Seed: row.Count("seed"), Step: row.Count("step")))
            .Select(group => (group.Key.Seed, group.Key.Step, Distance: group.Max(row => row.Number("distance"))))
            .ToList();
        var growth = new SvgPlot("inner-step t", "largest relative distance", logY: true);
        foreach (long seed in seeds)
        {
            growth.Line(
                $"seed {seed}",
                PlotStyle.OfBaseline((int)seed - 1),
                distances.Where(d => d.Seed == seed && d.Distance > 0).Select(d => ((double)d.Step, d.Distance)));
        }

        const double rateRange = (GreatestRate / LeastRate) - 1;
        return new FigureData(
            table,
            [
                ("Random projection of w(t) − w(0), seed 1", Projection(tables[0])),
                ("Distance to the middle trajectory, over the length of its way from w(0)", growth),
            ],
            [
                Finding.Of("relative range of the learning rates", rateRange),
                .. FindingSteps.Select(step => Finding.Over(
                    $"largest relative distance at t = {step}", distances.Where(d => d.Step == step).Select(d => d.Distance))),
            ]);
    }

    private static SvgPlot Projection(CsvTable table)
    {
        var plot = new SvgPlot("first random direction", "second random direction");
        var trajectories = table.Rows.GroupBy(row => row.Number("learningRate")).ToList();
        for (int i = 0; i < trajectories.Count; i++)
        {
            bool named = i == 0 || i == trajectories.Count - 1;
            plot.Line(
                named ? FormattableString.Invariant($"learning rate {trajectories[i].Key:0.0000}") : null,
                new PlotStyle(Shade(i / Math.Max(1.0, trajectories.Count - 1))),
                trajectories[i].Select(row => (row.Number("x"), row.Number("y"))),
                width: 0.8);
        }

        return plot;
    }

    /// <summary>From dark blue to light orange, so that the order is seen in grey too.</summary>
    private static OxyColor Shade(double share) =>
        OxyColor.Interpolate(OxyColor.FromRgb(0x14, 0x2A, 0x6B), OxyColor.FromRgb(0xF7, 0xB8, 0x5C), share);

    private static RunSpecification Specification(FigureRun run, long seed) => run.Specification(seed, "optimizer=adam");

    private CsvTable Measure(FigureRun run, long seed)
    {
        var specification = Specification(run, seed);
        using var landscape = OuterLandscape.OfTask(specification, run.Images(specification));
        float[][] directions = [RandomDirections.Draw(seed, 0, landscape.Length), RandomDirections.Draw(seed, 1, landscape.Length)];
        var table = new CsvTable(Columns);
        int count = run.Sizes.Trajectories;
        float[][] middle = new float[Steps + 1][];
        landscape.Follow(Theta(Rate(count / 2, count)), Steps, (t, w) => middle[t] = w.ToArray(), run.Cancellation);
        for (int i = 0; i < count; i++)
        {
            double rate = Rate(i, count);
            landscape.Follow(
                Theta(rate),
                Steps,
                (t, w) => table.Add(
                    seed,
                    Math.Round(rate, 6),
                    t,
                    Math.Round(Along(directions[0], w, middle[0]), 4),
                    Math.Round(Along(directions[1], w, middle[0]), 4),
                    t == 0 ? 0.0 : Distance(w, middle[t]) / Distance(middle[t], middle[0])),
                run.Cancellation);
        }

        return table;
    }

    private static float[] Theta(double rate) => OptimizerFamilies.Adam.Theta.Point(("learningRate", rate));

    private static double Rate(int i, int count) => LeastRate * Math.Pow(GreatestRate / LeastRate, i / Math.Max(1.0, count - 1));

    private static double Along(float[] direction, ReadOnlySpan<float> w, float[] origin)
    {
        double sum = 0;
        for (int i = 0; i < direction.Length; i++) sum += direction[i] * (w[i] - origin[i]);
        return sum;
    }

    private static double Distance(ReadOnlySpan<float> a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < b.Length; i++) sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return Math.Sqrt(sum);
    }
}
