using System.Collections.Immutable;
using LoptCluster.Engine.Datasets;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 7 and 12 to 16: learning curves on a problem of another kind than the learned optimizers were trained on.</summary>
/// <param name="id">Number of the figure.</param>
/// <param name="network">The inner-problem in words.</param>
/// <param name="values">Its values, given the share of the paper's channels.</param>
/// <param name="cost">Time of its inner-step over that of the problem of outer-training, approximately, at scale small.</param>
internal sealed class TransferCurves(
    string id, string network, Func<double, ImmutableArray<string>> values, double cost, string claim) : TrainedFigure
{
    private const string Generalizes = "The learned optimizers generalize to the problem, to varying degrees.";

    /// <summary>Fig. 7, which stands before the others.</summary>
    public static TransferCurves SixLayersShown { get; } = new(
        "7", "six convolutional layers on 28×28 images", SixLayers, cost: 40,
        "On another network, image size and depth the learned optimizers still reduce the loss; that for the validation loss trains faster "
            + "and generalizes better.");

    /// <summary>Fig. 12 to 16.</summary>
    public static ImmutableArray<TransferCurves> Others { get; } =
    [
        new("12", "two hidden layers of 32 units on 14×14 images", _ => Connected("[32,32]"), cost: 1, Generalizes),
        new("13", "three hidden layers of 128 units on 14×14 images", _ => Connected("[128,128,128]"), cost: 8, Generalizes),
        new("14", "six convolutional layers on 28×28 images, as in Figure 7", SixLayers, cost: 40, Generalizes),
        new("15", "three convolutional layers on 28×28 images", share => Convolutional(share, 32, "[2,2,1]", 28, 1), cost: 10, Generalizes),
        new(
            "16", "three convolutional layers of four times the channels on 32×32 colour images",
            share => Convolutional(share, 128, "[2,2,1]", 32, 3), cost: 60, Generalizes),
    ];

    public override string Id => id;

    public override string Title => $"Transfer to {network}";

    public override string Claim => claim;

    public override ImmutableArray<string> Columns => ComparedCurves.Columns;

    public override ImmutableArray<FigureStudy> Studies(FigureSizes sizes, string? data) =>
        [TrainedStudies.OfObjectives(sizes, data)];

    public override double InnerSteps(FigureSizes sizes) =>
        OfObjectives(sizes) + (2 * OfComparison(sizes, sizes.Trained.TransferTasks, others: 1, cost));

    public override FigureData Make(FigureRun run)
    {
        var table = new CsvTable(Columns);
        ThetaComparison[] comparisons =
        [
            .. ThetaComparison.Objectives.Select(objective => ThetaComparison.Of(
                run, objective, values(run.Sizes.Trained.TransferWidth), run.Sizes.Trained.TransferTasks, ClassSplit.OuterTest,
                searched: false)),
        ];
        foreach (var comparison in comparisons) ComparedCurves.AddTo(table, comparison);
        return new FigureData(
            table,
            [.. comparisons.Select(c => ($"{Capital(ComparedCurves.Word(c.Objective))} loss", ComparedCurves.Plot(c, bySeconds: false)))],
            [.. comparisons.SelectMany(c => ComparedCurves.Against(c, Engine.Evaluation.Baseline.Adam.Name))]);
    }

    private static ImmutableArray<string> SixLayers(double share) => Convolutional(share, 32, "[2,1,2,1,1,1]", 28, 1);

    private static ImmutableArray<string> Connected(string units) =>
        ["innerProblem=fullyConnected", $"hiddenUnits={units}", "imageSize=14", "imageChannels=1"];

    private static ImmutableArray<string> Convolutional(double share, int channels, string strides, int size, int colours) =>
    [
        "innerProblem=convnet", $"convChannels={Math.Max(1, (int)(share * channels))}", $"convStrides={strides}", $"imageSize={size}",
        $"imageChannels={colours}",
    ];

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
