using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.InnerProblems.Toys;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 2a: the inner-loss with two local minima.</summary>
internal sealed class TwoMinimaSurface : PaperFigure
{
    private const int Points = 281;
    private const double Least = -1.4;
    private const double Greatest = 4.2;

    /// <summary>Between the minima lies a maximum, at w = 1.68.</summary>
    private const double Between = 1.68;

    public override string Id => "2a";

    public override string Title => "Inner-loss with two minima, ℓ(w) = (w − 4)(w − 3) w²";

    public override string Claim => "The inner-loss has two local minima; w(0) = −1.2 lies beyond the one at w = 0.";

    public override ImmutableArray<string> Columns => ["w", "loss"];

    public override bool IsRandom => false;

    public override double InnerSteps(FigureSizes sizes) => Points;

    public override FigureData Make(FigureRun run)
    {
        using var problem = new TwoMinimaProblem();
        float[] w = new float[problem.Layout.PaddedLength];
        var table = new CsvTable(Columns);
        (double X, double Y)[] points = [.. Enumerable.Range(0, Points).Select(i =>
        {
            w[0] = (float)(Least + ((Greatest - Least) * i / (Points - 1)));
            return ((double)w[0], problem.Loss(w, default));
        })];
        foreach (var (x, loss) in points) table.Add(x, loss);
        w[0] = TwoMinimaProblem.Start;
        var plot = new SvgPlot("inner-parameter w", "inner-loss ℓ(w)")
            .Line("ℓ(w)", SvgPlot.Blue, points)
            .Dots("w(0)", SvgPlot.Red, [(TwoMinimaProblem.Start, problem.Loss(w, default))], size: 6);
        var left = points.Where(p => p.X < Between).MinBy(p => p.Y);
        var right = points.Where(p => p.X > Between).MinBy(p => p.Y);
        return new FigureData(table, [("", plot)],
        [
            Finding.Of("w of the first minimum", left.X), Finding.Of("loss of the first minimum", left.Y),
            Finding.Of("w of the second minimum", right.X), Finding.Of("loss of the second minimum", right.Y),
        ]);
    }
}
