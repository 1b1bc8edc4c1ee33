using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using OxyPlot;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Table of App. G: speed of inner-training with SGD, Adam and the learned optimizer, on one core.</summary>
/// <remarks>A time is of a machine and of its load: it is measured each time, and no record of it is kept.</remarks>
internal sealed class OptimizerSpeed : PaperFigure
{
    private const string AdamName = "Adam";

    /// <summary>About as many as a round has of each optimizer; for estimates.</summary>
    private const int StepsOfARound = 100;

    private static readonly ImmutableArray<(string Name, string PaperName, int Minibatch)> Problems =
        [("convnet", "convnet 32-32-32, 32×32×3", PaperProblems.Minibatch), ("MLP", "fully connected 32-32, 14×14", 32)];

    /// <summary>SGD and Adam first, as the paper compares with them; the batches per second are those of the paper on CPU.</summary>
    private static readonly ImmutableArray<(string Name, IOuterTrainableFamily Family, double PaperRate)> Optimizers =
        [("SGD", OptimizerFamilies.Sgd, 93), (AdamName, OptimizerFamilies.Adam, 92), ("learned", OptimizerFamilies.Mlp16, 80)];

    private static readonly OxyColor Gradient = OxyColor.FromRgb(0xB8, 0xC4, 0xD6);
    private static readonly OxyColor Update = OxyColor.FromRgb(0x1E, 0x3A, 0x8A);
    private static readonly OxyColor Paper = OxyColor.FromRgb(0xE3, 0xA0, 0x57);

    public override string Id => "table-g";

    public override string Name => "Table of App. G";

    public override string Title => "Batches per second of SGD, Adam and the learned optimizer";

    public override string Claim =>
        "On a CPU the learned optimizer executes at 80 batches a second, Adam at 92 and SGD at 93: it is 16 % slower than both.";

    public override ImmutableArray<string> Columns => ["problem", "optimizer", "round", "stepMilliseconds", "updateMilliseconds"];

    public override bool IsRandom => false;

    public override double InnerSteps(FigureSizes sizes) => (double)Problems.Length * Optimizers.Length * sizes.SpeedRounds * StepsOfARound;

    public override FigureData Make(FigureRun run)
    {
        var table = new CsvTable(Columns);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        var bars = new List<(string Row, double Gradient, double Update, double Paper)>();
        foreach (var (problemName, paperName, minibatch) in Problems)
        {
            using var problem = PaperProblems.All.Single(p => p.Name == paperName).Create(minibatch);
            var times = OptimizerTimes.Measure(problem, [.. Optimizers.Select(o => o.Family)], run.Sizes.SpeedRounds, run.Cancellation);
            var named = Optimizers.Zip(times, (o, t) => (o.Name, Times: t)).ToList();
            var adam = named.Single(n => n.Name == AdamName).Times;
            foreach (var (name, t) in named)
            {
                for (int i = 0; i < t.Steps.Count; i++) table.Add(problemName, name, i, 1e3 * t.Steps[i], 1e3 * t.Updates[i]);
                var ratio = Quartiles.Of(t.Steps.Zip(adam.Steps, (step, other) => step / other));
                var share = Quartiles.Of(t.Updates.Zip(t.Steps, (update, step) => update / step));
                findings.Add(Finding.Over($"{problemName}: batches per second with {name}", t.Steps.Select(seconds => 1 / seconds)));
                if (name != AdamName) findings.Add(new Finding($"{problemName}: time of a batch with {name} / with Adam", ratio));
                findings.Add(new Finding($"{problemName}: share of the update in the time with {name}", share));
                bars.Add((Row(problemName, name, ratio.Median), ratio.Median * (1 - share.Median), ratio.Median * share.Median, 0));
            }
        }

        double paperAdam = Optimizers.Single(o => o.Name == AdamName).PaperRate;
        bars.AddRange(Optimizers.Select(o => (Row("paper", o.Name, paperAdam / o.PaperRate), 0.0, 0.0, paperAdam / o.PaperRate)));
        var plot = new SvgPlot("time of an inner-step / Adam's", "")
            .WithRows(bars.Select(b => b.Row))
            .Bars("loss and gradient", Gradient, bars.Select(b => b.Gradient))
            .Bars("update", Update, bars.Select(b => b.Update))
            .Bars("both, paper on a CPU", Paper, bars.Select(b => b.Paper));
        return new FigureData(
            table,
            [("One core; the paper's convnet at minibatch 128, the quickstart's MLP at minibatch 32", plot)],
            findings.ToImmutable());
    }

    private static string Row(string problem, string optimizer, double ratio) =>
        FormattableString.Invariant($"{problem}, {optimizer}: {ratio:0.00}");
}
