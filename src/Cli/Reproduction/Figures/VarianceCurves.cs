using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 4: variance of g_rp and of g_es over outer-training, as truncations grow longer.</summary>
internal sealed class VarianceCurves : TrainedFigure
{
    public override string Id => "4";

    public override string Title => "Variance of g_rp and g_es over outer-training, while truncations grow longer";

    public override string Claim =>
        "The variance of g_rp grows from orders of magnitude below that of g_es to orders of magnitude above it; that of g_es stays "
        + "constant.";

    public override ImmutableArray<string> Columns => ["seed", "outerUpdate", "truncation", "rp", "es"];

    public override ImmutableArray<FigureStudy> Studies(FigureSizes sizes, string? data) =>
        [TrainedStudies.OfMerged(sizes, data)];

    public override double InnerSteps(FigureSizes sizes) => TrainedStudies.OfMerged(sizes, null).InnerSteps;

    public override FigureData Make(FigureRun run)
    {
        var trained = run.Train(TrainedStudies.OfMerged);
        UpdateFigure rp = UpdateFigureTable.Variance[EstimatorId.Rp], es = UpdateFigureTable.Variance[EstimatorId.Es];
        var rows = trained
            .SelectMany(t => t.Course.Updates.Select(u =>
                (t.Seed, Update: u.OuterUpdate, Steps: u[UpdateFigureTable.TruncationSteps], Rp: u[rp], Es: u[es])))
            .Where(r => double.IsFinite(r.Rp) && double.IsFinite(r.Es) && r.Rp > 0 && r.Es > 0)
            .ToList();
        var table = new CsvTable(Columns);
        foreach (var r in rows) table.Add(r.Seed, r.Update, r.Steps, r.Rp, r.Es);
        var byUpdate = rows.GroupBy(r => r.Update).OrderBy(g => g.Key).ToList();
        var plot = new SvgPlot("outer-updates", "variance of a sample, median over θ", logY: true);
        Add(plot, "g_rp", PlotStyle.OfBaseline(3), byUpdate.Select(g => ((double)g.Key, Quartiles.Of(g.Select(r => r.Rp)))));
        Add(plot, "g_es", PlotStyle.OfBaseline(1), byUpdate.Select(g => ((double)g.Key, Quartiles.Of(g.Select(r => r.Es)))));

        var bySeed = rows.GroupBy(r => r.Seed).Select(g => g.ToList()).ToList();
        return new FigureData(
            table,
            [("", plot)],
            [
                Finding.Over(
                    "log10 of the ratio rp / es in the first tenth of outer-training", bySeed.Select(g => Ratio(g.Take(Tenth(g.Count))))),
                Finding.Over(
                    "log10 of the ratio rp / es in the last tenth of outer-training",
                    bySeed.Select(g => Ratio(g.TakeLast(Tenth(g.Count))))),
                Finding.Over("greatest log10 of the ratio rp / es", bySeed.Select(g => g.Max(r => Math.Log10(r.Rp / r.Es)))),
                Finding.Over("share of outer-updates in which rp exceeds es", bySeed.Select(g => g.Average(r => r.Rp > r.Es ? 1.0 : 0))),
                Finding.Over(
                    "truncation length of the first update in which rp exceeds es; T if there is none",
                    bySeed.Select(g =>
                        g.Find(r => r.Rp > r.Es) is { Update: > 0 } crossed ? crossed.Steps : trained[0].Specification.InnerSteps)),
                Finding.Over(
                    "log10 of the growth of es's variance", bySeed.Select(g =>
                        Quartiles.Of(g.TakeLast(Tenth(g.Count)).Select(r => Math.Log10(r.Es))).Median
                        - Quartiles.Of(g.Take(Tenth(g.Count)).Select(r => Math.Log10(r.Es))).Median)),
            ]);

        static int Tenth(int count) => Math.Max(1, count / 10);

        static double Ratio(IEnumerable<(long Seed, long Update, double Steps, double Rp, double Es)> rows) =>
            Quartiles.Of(rows.Select(r => Math.Log10(r.Rp / r.Es))).Median;
    }

    private static void Add(SvgPlot plot, string title, PlotStyle style, IEnumerable<(double X, Quartiles Q)> points)
    {
        var all = points.ToList();
        plot.Band(style.Color, all.Select(p => (p.X, p.Q.Lower, p.Q.Upper))).Line(title, style, all.Select(p => (p.X, p.Q.Median)));
    }
}
