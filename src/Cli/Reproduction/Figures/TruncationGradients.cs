using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 3c: the outer-gradient of each truncation over the course of inner-training, at the start of the learning rate.</summary>
internal sealed class TruncationGradients : PaperFigure
{
    public override string Id => "3c";

    public override string Title => "Outer-gradient of each truncation over an inner-training";

    public override string Claim =>
        "The first outer-gradients are very negative, later ones slightly above zero; their sum is anti-correlated with the true gradient.";

    public override ImmutableArray<string> Columns => ["seed", "training", "step", "gradient", "wholeGradient"];

    public override double InnerSteps(FigureSizes sizes) => 4.0 * sizes.Seeds * sizes.MeasuredTrainings * sizes.InnerSteps;

    public override FigureData Make(FigureRun run)
    {
        long[] seeds = [.. run.Seeds];
        int k = run.Sizes.InnerSteps / run.Sizes.GradientTruncations;
        var tables = run.Measure(
            seeds,
            seed => $"{Id}-seed{seed} {run.Sizes.MeasuredTrainings} {SpecificationJson.Hash(TruncationStudy.Specification(run, seed, k))}",
            seed => Measure(run, seed, k));
        var table = new CsvTable(Columns);
        foreach (var row in tables.SelectMany(t => t.Rows)) table.Add([.. row.Cells]);

        var bySteps = table.Rows.GroupBy(row => row.Count("step"))
            .Select(step => (X: (double)step.Key, Q: Quartiles.Of(step.Select(row => row.Number("gradient")))))
            .ToList();
        var late = bySteps.Skip(bySteps.Count / 4).ToList();
        var trainings = table.Rows.GroupBy(row => (row.Count("seed"), row.Count("training")))
            .Select(t => (Sum: t.Average(row => row.Number("gradient")), Whole: t.First().Number("wholeGradient")))
            .ToList();
        return new FigureData(
            table,
            [(FormattableString.Invariant($"All truncations of k = {k}"), Plot(bySteps)), ("From a quarter of the horizon on", Plot(late))],
            [
                Finding.Over(
                    "gradient of the first truncation",
                    table.Rows.Where(row => row.Count("step") == 0).Select(row => row.Number("gradient"))),
                Finding.Over("median gradient of later truncations", late.Select(p => p.Q.Median)),
                Finding.Of("share of later truncations whose median gradient is above 0", late.Average(p => p.Q.Median > 0 ? 1.0 : 0)),
                Finding.Over("mean of an inner-training's truncated gradients", trainings.Select(t => t.Sum)),
                Finding.Over("gradient through the whole inner-training", trainings.Select(t => t.Whole)),
                Finding.Of(
                    "share of inner-trainings in which both have opposite signs", trainings.Average(t => t.Sum * t.Whole < 0 ? 1.0 : 0)),
            ]);
    }

    private static SvgPlot Plot(List<(double X, Quartiles Q)> points) => new SvgPlot("inner-step", "dL / d ln(learning rate)")
        .Band(SvgPlot.Blue, points.Select(p => (p.X, p.Q.Lower, p.Q.Upper)))
        .Line("median and quartiles", SvgPlot.Blue, points.Select(p => (p.X, p.Q.Median)))
        .Line("zero", SvgPlot.Grey, [(points[0].X, 0), (points[^1].X, 0)], dashed: true, width: 1);

    private CsvTable Measure(FigureRun run, long seed, int k)
    {
        int trainings = run.Sizes.MeasuredTrainings;
        var truncated = TruncationStudy.Run(
            run, TruncationStudy.Specification(run, seed, k), TruncationStudy.StartRate, trainings);
        var whole = TruncationStudy.Run(
            run, TruncationStudy.Specification(run, seed, run.Sizes.InnerSteps), TruncationStudy.StartRate, trainings);
        var table = new CsvTable(Columns);
        foreach (var step in truncated) table.Add(seed, step.Problem, step.StartStep, step.Gradient, whole[step.Problem].Gradient);
        return table;
    }
}
