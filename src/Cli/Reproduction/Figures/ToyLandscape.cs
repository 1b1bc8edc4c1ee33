using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Pathologies;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 2c and 9c: the final loss of the toy with two minima by a hyper-parameter, after several numbers of inner-steps.</summary>
internal abstract class ToyLandscape : PaperFigure
{
    /// <summary>A final loss counts as at most this, and has no slope there: w has left both minima for good.</summary>
    private const double LossCap = 1e6;

    /// <summary>Of an interval of two neighbouring points: down to the resolution of the hyper-parameter in float32.</summary>
    private const int Halvings = 13;

    private const double LeastShown = -4, GreatestShown = 12;

    private static readonly ImmutableArray<int> Steps = [5, 10, 25, 50, ToySweep.MostSteps];

    public override ImmutableArray<string> Columns => ["steps", .. Sweeps[0].Columns, "loss", "slope"];

    public override bool IsRandom => false;

    /// <summary>What its rows of panels show, from top to bottom.</summary>
    protected abstract ImmutableArray<ToySweep> Sweeps { get; }

    /// <summary>Limits of the axis of the slopes.</summary>
    protected abstract (double Least, double Greatest) SlopeHeights { get; }

    /// <summary>The number of a T.</summary>
    /// <param name="slope">Steepest slope found.</param>
    /// <param name="jump">Change of the loss that remains within an interval that halving cannot divide further.</param>
    /// <param name="at">What it is of.</param>
    protected abstract Finding Judge(double slope, double jump, string at);

    public override double InnerSteps(FigureSizes sizes) => 2.0 * Sweeps.Length * sizes.SweepPoints * Steps.Sum();

    public override FigureData Make(FigureRun run)
    {
        var table = new CsvTable(Columns);
        var panels = ImmutableArray.CreateBuilder<(string, SvgPlot)>();
        var findings = ImmutableArray.CreateBuilder<Finding>();
        using var landscape = ToySweep.Landscape();
        foreach (var sweep in Sweeps)
        {
            var losses = new SvgPlot(sweep.Word, "final loss ℓ(w(T))").WithHeights(LeastShown, GreatestShown);
            var slopes = new SvgPlot(sweep.Word, $"|dℓ(w(T)) / d {sweep.Word}|", logY: true)
                .WithHeights(SlopeHeights.Least, SlopeHeights.Greatest);
            var curves = Steps.Select(steps => Curve(run, landscape, sweep, steps)).ToList();
            double diverging = curves[^1].Where(p => p.Loss >= LossCap).Select(p => p.Value).DefaultIfEmpty(double.PositiveInfinity).Min();
            foreach (var (steps, i) in Steps.Select((steps, i) => (steps, i)))
            {
                var points = curves[i];
                foreach (var (value, loss, slope) in points) table.Add([steps, .. sweep.Cells(value), loss, slope]);
                // Readers of SVG draw paths of millions of pixels without their dashes.
                var shown = points.Select(p => (p.Value, Math.Min(p.Loss, 2 * GreatestShown)));
                losses.Line($"T = {steps}", PlotStyle.OfBaseline(i), shown, width: 1.4);
                var steepness = points.Where(p => p.Slope != 0 || p.Loss >= LossCap)
                    .Select(p => (p.Value, p.Loss < LossCap ? Math.Abs(p.Slope) : double.MaxValue));
                slopes.Line($"T = {steps}", PlotStyle.OfBaseline(i), steepness, width: 1.4);
                var (steepest, jump) = Steepest(landscape, sweep, [.. points.TakeWhile(p => p.Value < diverging)], steps);
                findings.Add(Judge(steepest, jump, $"{sweep.Context}at T = {steps}"));
            }

            if (double.IsFinite(diverging))
                findings.Add(Finding.Of($"least {sweep.Word} that diverges {sweep.Context}".TrimEnd(), diverging));
            panels.Add((sweep.PanelOf("Loss"), losses));
            panels.Add((sweep.PanelOf("Its slope, by the exact reverse sweep"), slopes));
        }

        return new FigureData(table, panels.ToImmutable(), findings.ToImmutable());
    }

    private static List<(double Value, double Loss, double Slope)> Curve(
        FigureRun run, OuterLandscape landscape, ToySweep sweep, int steps)
    {
        var (least, greatest) = sweep.Range;
        var points = new List<(double Value, double Loss, double Slope)>();
        for (int p = 0; p < run.Sizes.SweepPoints; p++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            points.Add(At(landscape, sweep, least + ((greatest - least) * p / (run.Sizes.SweepPoints - 1)), steps));
        }

        return points;
    }

    private static (double Value, double Loss, double Slope) At(OuterLandscape landscape, ToySweep sweep, double value, int steps)
    {
        var (loss, gradient) = landscape.LossAndGradient(sweep.Theta(value), steps);
        return loss < LossCap ? (value, loss, sweep.Slope(value, gradient)) : (value, LossCap, 0);
    }

    /// <summary>
    /// The steepest slope of the points, and of those in between that halving finds in the interval where the loss changes most: the
    /// points alone miss the narrow places. The change of the loss in the last interval.
    /// </summary>
    private static (double Slope, double Jump) Steepest(
        OuterLandscape landscape, ToySweep sweep, List<(double Value, double Loss, double Slope)> points, int steps)
    {
        double steepest = points.Max(p => Math.Abs(p.Slope));
        var (low, high) = points.Zip(points.Skip(1)).MaxBy(pair => Math.Abs(pair.Second.Loss - pair.First.Loss));
        for (int i = 0; i < Halvings; i++)
        {
            var middle = At(landscape, sweep, (low.Value + high.Value) / 2, steps);
            steepest = Math.Max(steepest, Math.Abs(middle.Slope));
            bool changesBelow = Math.Abs(middle.Loss - low.Loss) > Math.Abs(high.Loss - middle.Loss);
            (low, high) = changesBelow ? (low, middle) : (middle, high);
        }

        return (steepest, Math.Abs(high.Loss - low.Loss));
    }
}
