using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Pathologies;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 2b and 9b: w(t) of the toy with two minima, at several values of a hyper-parameter.</summary>
internal abstract class ToyTrajectories : PaperFigure
{
    /// <summary>Beyond it w never returns: a trajectory is shown up to there.</summary>
    private const float Diverged = 100;

    public override ImmutableArray<string> Columns => [.. Sweeps[0].Columns, "step", "w"];

    public override bool IsRandom => false;

    /// <summary>What its panels show, from top to bottom.</summary>
    protected abstract ImmutableArray<ToySweep> Sweeps { get; }

    public override double InnerSteps(FigureSizes sizes) => Sweeps.Sum(sweep => sweep.Shown.Length * (double)ToySweep.MostSteps);

    public override FigureData Make(FigureRun run)
    {
        var table = new CsvTable(Columns);
        var panels = ImmutableArray.CreateBuilder<(string, SvgPlot)>();
        var findings = ImmutableArray.CreateBuilder<Finding>();
        using var landscape = ToySweep.Landscape();
        foreach (var sweep in Sweeps)
        {
            var plot = new SvgPlot("inner-step t", "inner-parameter w(t)");
            foreach (var (value, i) in sweep.Shown.Select((value, i) => (value, i)))
            {
                var points = Trajectory(landscape, sweep, value, run.Cancellation);
                foreach (var (step, w) in points) table.Add([.. sweep.Cells(value), (int)step, w]);
                plot.Line(sweep.Name(value), PlotStyle.OfBaseline(i), points);
                string at = $"{sweep.Context}at {sweep.Name(value)}";
                int last = points.Count - 1;
                if (last < ToySweep.MostSteps)
                {
                    findings.Add(Finding.Of($"inner-steps until w leaves ±{Diverged} {at}", last + 1));
                    plot.WithHeights(-4, 6);
                }
                else
                {
                    findings.Add(Finding.Of($"w({last}) {at}", points[last].W));
                    int crossings = points.Zip(points.Skip(1)).Count(p => p.First.W < 2 != p.Second.W < 2);
                    findings.Add(Finding.Of($"crossings of w = 2 {at}", crossings));
                }
            }

            panels.Add((sweep.PanelOf("w(t)"), plot));
        }

        return new FigureData(table, panels.ToImmutable(), findings.ToImmutable());
    }

    private static List<(double Step, double W)> Trajectory(
        OuterLandscape landscape, ToySweep sweep, double value, CancellationToken cancellation)
    {
        var points = new List<(double Step, double W)>();
        landscape.Follow(
            sweep.Theta(value),
            ToySweep.MostSteps,
            (t, w) =>
            {
                if (points.Count == t && Math.Abs(w[0]) <= Diverged) points.Add((t, w[0]));
            },
            cancellation);
        return points;
    }
}
