using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 18: outer-loss and learning rate of Fig. 3 under other outer-optimizers.</summary>
/// <remarks>The paper names one of the six rates, SGD's 0.01; θ of its Adam is not known to be a logarithm as it is here.</remarks>
internal sealed class OuterOptimizerBias : PaperFigure
{
    private const string Loss = "loss", LearningRate = "learningRate";

    /// <summary>A loss of more than this many times that of the start is cut off in the plots.</summary>
    private const double GreatestLoss = 1.4;

    /// <summary>Learning rates beyond these are cut off in the plots.</summary>
    private const double LeastRate = TruncationStudy.StartRate / 4, GreatestRate = TruncationStudy.StartRate * 10;

    private static readonly ImmutableArray<StudiedOuterOptimizer> Studied =
    [
        TruncationStudy.Standard, Adam(0, 0.05), Adam(0.9, 0.2), Adam(0, 0.2), Sgd(1), Sgd(10),
    ];

    public override string Id => "18";

    public override string Title => "Truncation bias under other outer-optimizers";

    public override string Claim =>
        "Under Adam and SGD as outer-optimizer short truncations are similarly and significantly biased; with some of the higher rates "
        + "the loss diverges.";

    public override ImmutableArray<string> Columns => ["optimizer", "quantity", "truncation", "training", "median", "lower", "upper"];

    public override int PanelColumns => 2;

    public override double InnerSteps(FigureSizes sizes) => Studied.Length * TruncationStudy.InnerSteps(sizes);

    public override FigureData Make(FigureRun run)
    {
        var results = Studied.Select(outer =>
        {
            var trained = TruncationStudy.Trained(run, outer);
            return (outer.Name, Losses: new TruncationCurves(trained, Loss), Rates: new TruncationCurves(trained, LearningRate));
        }).ToList();
        // The first inner-training that is one truncation has the learning rate of the start from its beginning to its end.
        double start = results[0].Losses.All[^1].Points[0].Q.Median;
        var losses = Heights(results.Select(r => r.Losses), 0, GreatestLoss * start);
        var rates = Heights(results.Select(r => r.Rates), LeastRate, GreatestRate);

        var table = new CsvTable(Columns);
        var panels = ImmutableArray.CreateBuilder<(string, SvgPlot)>();
        var findings = ImmutableArray.CreateBuilder<Finding>();
        string x = $"inner-trainings of {run.Sizes.InnerSteps} inner-steps";
        foreach (var result in results)
        {
            var loss = new SvgPlot(x, "mean loss (nats)").WithHeights(losses.Least, losses.Greatest);
            var rate = new SvgPlot(x, "Adam's learning rate", logY: true).WithHeights(rates.Least, rates.Greatest);
            result.Losses.Draw(loss, table, result.Name, Loss);
            result.Rates.Draw(rate, table, result.Name, LearningRate);
            TruncationStudy.DrawStart(run, rate);
            panels.Add(($"{result.Name}: outer-loss", loss));
            panels.Add(($"{result.Name}: learning rate", rate));
            findings.AddRange(result.Losses.Ends.Concat(result.Rates.Ends).Select(end => end with { Name = $"{result.Name}: {end.Name}" }));
        }

        return new FigureData(table, panels.ToImmutable(), findings.ToImmutable());
    }

    private static StudiedOuterOptimizer Adam(double beta1, double rate)
    {
        string name = FormattableString.Invariant($"Adam {rate}") + (beta1 == 0 ? " without β1" : "");
        return new(FormattableString.Invariant($"18-adam{rate}-beta1-{beta1}"), name, TruncationStudy.Adam(beta1), rate);
    }

    private static StudiedOuterOptimizer Sgd(double rate) => new(
        FormattableString.Invariant($"18-sgd{rate}"), FormattableString.Invariant($"SGD {rate}"), new OuterSgd(), rate);

    /// <summary>Limits of an axis that all panels of a quantity share: those of the quartiles, as far as they are within limits.</summary>
    private static (double Least, double Greatest) Heights(IEnumerable<TruncationCurves> curves, double least, double greatest)
    {
        List<Quartiles> all = [.. curves.SelectMany(c => c.All).SelectMany(c => c.Points).Select(p => p.Q)];
        return (Math.Max(least, 0.95 * all.Min(q => q.Lower)), Math.Min(greatest, 1.05 * all.Max(q => q.Upper)));
    }
}
