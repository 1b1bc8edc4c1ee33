using System.Collections.Immutable;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 3a: outer-loss while Adam's learning rate is outer-trained, by truncation length.</summary>
internal sealed class TruncationLosses : TruncationFigure
{
    public override string Id => "3a";

    public override string Title => "Outer-loss while Adam's learning rate is outer-trained, by truncation length k";

    public override string Claim => "Short truncations converge to a worse outer-loss; longer ones are less biased and reach a lower one.";

    protected override string Quantity => "loss";

    protected override string QuantityTitle => "mean loss of an inner-training (nats)";

    protected override void Extend(FigureRun run, SvgPlot plot, ImmutableArray<Finding>.Builder findings)
    {
        var starts = TruncationStudy.Fixed(run).Rows
            .Where(row => Math.Abs((row.Number("learningRate") / TruncationStudy.StartRate) - 1) < 1e-3)
            .GroupBy(row => row.Count("seed"))
            .Select(seed => seed.Average(row => row.Number("loss")));
        findings.Add(new Finding("loss at the fixed learning rate 0.001", Quartiles.Of(starts)));
    }

    public override double InnerSteps(FigureSizes sizes) => base.InnerSteps(sizes) + TruncationStudy.FixedInnerSteps(sizes);
}
