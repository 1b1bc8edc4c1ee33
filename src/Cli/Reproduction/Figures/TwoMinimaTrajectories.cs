using System.Collections.Immutable;
using System.Globalization;
using LoptCluster.Cli.Report;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 2b: w(t) at several momenta.</summary>
internal sealed class TwoMinimaTrajectories : PaperFigure
{
    public override string Id => "2b";

    public override string Title => "Inner-parameter during inner-training, by momentum";

    public override string Claim =>
        "Low momenta end in the first minimum, higher ones in the second; with larger values w oscillates between both before it settles.";

    public override ImmutableArray<string> Columns => ["momentum", "step", "w"];

    public override bool IsRandom => false;

    public override double InnerSteps(FigureSizes sizes) => ToyMomentum.Momenta.Length * ToyMomentum.MostSteps;

    public override FigureData Make(FigureRun run)
    {
        var table = new CsvTable(Columns);
        var plot = new SvgPlot("inner-step t", "inner-parameter w(t)");
        var findings = ImmutableArray.CreateBuilder<Finding>();
        using var landscape = ToyMomentum.Landscape();
        foreach (var (momentum, i) in ToyMomentum.Momenta.Select((momentum, i) => (momentum, i)))
        {
            var points = new List<(double Step, double W)>();
            landscape.Follow(ToyMomentum.Theta(momentum), ToyMomentum.MostSteps, (t, w) => points.Add((t, w[0])), run.Cancellation);
            foreach (var (step, w) in points) table.Add(momentum, (int)step, w);
            string name = momentum.ToString(CultureInfo.InvariantCulture);
            plot.Line($"momentum {name}", PlotStyle.OfBaseline(i), points);
            findings.Add(Finding.Of($"w({ToyMomentum.MostSteps}) at momentum {name}", points[^1].W));
            int crossings = points.Zip(points.Skip(1)).Count(p => p.First.W < 2 != p.Second.W < 2);
            findings.Add(Finding.Of($"crossings of w = 2 at momentum {name}", crossings));
        }

        return new FigureData(table, [("", plot)], findings.ToImmutable());
    }
}
