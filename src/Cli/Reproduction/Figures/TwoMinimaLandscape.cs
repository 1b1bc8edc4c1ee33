using System.Collections.Immutable;
using System.Globalization;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Pathologies;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 2c: the final loss as a function of the momentum, after several numbers of inner-steps.</summary>
internal sealed class TwoMinimaLandscape : PaperFigure
{
    private const double Least = 0.5;
    private const double Greatest = 0.99;
    private const int MomentumElement = 1;

    /// <summary>Of an interval of 0.001: down to the resolution of a float32 momentum.</summary>
    private const int Halvings = 13;
    private static readonly ImmutableArray<int> Steps = [5, 10, 25, 50, ToyMomentum.MostSteps];

    public override string Id => "2c";

    public override string Title => "Final loss by momentum, after T inner-steps";

    public override string Claim =>
        "The final loss is smooth after few inner-steps; after many it is nearly discontinuous where w changes between the minima.";

    public override ImmutableArray<string> Columns => ["steps", "momentum", "loss", "slope"];

    public override bool IsRandom => false;

    public override double InnerSteps(FigureSizes sizes) => 2.0 * sizes.SweepPoints * Steps.Sum();

    public override FigureData Make(FigureRun run)
    {
        var table = new CsvTable(Columns);
        var losses = new SvgPlot("momentum", "final loss ℓ(w(T))").WithHeights(-4, 12);
        var slopes = new SvgPlot("momentum", "|dℓ(w(T)) / d momentum|", logY: true).WithHeights(1e-3, 1e6);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        using var landscape = ToyMomentum.Landscape();
        foreach (var (steps, i) in Steps.Select((steps, i) => (steps, i)))
        {
            var points = new List<(double Momentum, double Loss, double Slope)>();
            for (int p = 0; p < run.Sizes.SweepPoints; p++)
            {
                var point = At(landscape, Least + ((Greatest - Least) * p / (run.Sizes.SweepPoints - 1)), steps);
                points.Add(point);
                table.Add(steps, point.Momentum, point.Loss, point.Slope);
            }

            string title = string.Create(CultureInfo.InvariantCulture, $"T = {steps}");
            losses.Line(title, PlotStyle.OfBaseline(i), points.Select(p => (p.Momentum, p.Loss)), width: 1.4);
            var steepness = points.Where(p => p.Slope != 0).Select(p => (p.Momentum, Math.Abs(p.Slope)));
            slopes.Line(title, PlotStyle.OfBaseline(i), steepness, width: 1.4);
            findings.Add(Finding.Of($"steepest slope at {title}", Steepest(landscape, points, steps)));
        }

        return new FigureData(table, [("Loss", losses), ("Its slope, by the exact reverse sweep", slopes)], findings.ToImmutable());
    }

    private static (double Momentum, double Loss, double Slope) At(OuterLandscape landscape, double momentum, int steps)
    {
        float[] theta = ToyMomentum.Theta(momentum);
        var (loss, gradient) = landscape.LossAndGradient(theta, steps);
        return (momentum, loss, ToyMomentum.Family.Theta.ValueGradient(theta, gradient)[MomentumElement]);
    }

    /// <summary>
    /// The steepest slope of the points, and of those in between that halving finds in the interval where the loss changes most: the
    /// points alone miss the narrow places.
    /// </summary>
    private static double Steepest(OuterLandscape landscape, List<(double Momentum, double Loss, double Slope)> points, int steps)
    {
        double steepest = points.Max(p => Math.Abs(p.Slope));
        var (low, high) = points.Zip(points.Skip(1)).MaxBy(pair => Math.Abs(pair.Second.Loss - pair.First.Loss));
        for (int i = 0; i < Halvings; i++)
        {
            var middle = At(landscape, (low.Momentum + high.Momentum) / 2, steps);
            steepest = Math.Max(steepest, Math.Abs(middle.Slope));
            bool changesBelow = Math.Abs(middle.Loss - low.Loss) > Math.Abs(high.Loss - middle.Loss);
            (low, high) = changesBelow ? (low, middle) : (middle, high);
        }

        return steepest;
    }
}
