using LoptCluster.Cli.Report;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Engine.Pathologies;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Outer-training of Adam's learning rate on a small MLP by truncated backpropagation (§2.4, Fig. 3 and 18).</summary>
/// <remarks>θ is the logarithm of the learning rate; Adam's other hyper-parameters stay.</remarks>
internal static class TruncationStudy
{
    /// <summary>Start of the learning rate (§2.4).</summary>
    public const double StartRate = 1e-3;

    private const string Parameter = "learningRate";

    /// <summary>Limits of a learning rate in a table: beyond them inner-training has long stood still or diverged.</summary>
    private const double LeastRate = 1e-9, GreatestRate = 1e3;

    /// <summary>
    /// Small minibatches of many noisy images: as in the paper, inner-training then reaches the noise of its gradients, where a lower
    /// learning rate helps at once. The quickstart's own tasks are fitted to the end, and do not show the bias.
    /// </summary>
    private static readonly string[] NoisyTasks = ["trainImagesPerClass=2000", "proceduralNoise=1"];

    /// <summary>Learning rates whose loss is measured, to find the best.</summary>
    private static readonly double[] FixedRates = [.. Enumerable.Range(0, 10).Select(i => Math.Pow(10, -4 + (i / 3.0)))];

    /// <summary>Outer-optimizer of Fig. 3. The paper gives no rate; an outer-update moves the learning rate by up to 5 %.</summary>
    public static StudiedOuterOptimizer Standard { get; } = new("3", "Adam 0.05", Adam(beta1: 0.9), Rate: 0.05);

    public static double InnerSteps(FigureSizes sizes) =>
        2.0 * sizes.Seeds * sizes.InnerSteps * sizes.Truncations.Length * sizes.InnerTrainings;

    public static double FixedInnerSteps(FigureSizes sizes) =>
        2.0 * sizes.Seeds * sizes.InnerSteps * FixedRates.Length * sizes.MeasuredTrainings;

    public static OuterAdam Adam(double beta1) => new(beta1, Beta2: 0.999, Epsilon: 1e-8);

    public static RunSpecification Specification(FigureRun run, long seed, int truncation) => run.Specification(
        seed,
        [
        "optimizer=adam",
        "estimator=backprop",
        "objective=train",
        $"innerSteps={run.Sizes.InnerSteps}",
        $"truncationFirst={truncation}",
        $"truncationLast={truncation}",
        "truncationJitter=0",
        "staggeredStarts=false",
        "gradientClip=0",
        "minibatchSize=8",
        "hiddenUnits=[16,16]",
        .. run.IsProcedural ? NoisyTasks : [],
        ]);

    /// <summary>Mean loss and mean learning rate of every inner-training: columns truncation, seed, training, loss, learningRate.</summary>
    public static CsvTable Trained(FigureRun run, StudiedOuterOptimizer outer)
    {
        int trainings = run.Sizes.InnerTrainings;
        var experiments = run.Sizes.Truncations.SelectMany(k => run.Seeds.Select(seed => (K: k, Seed: seed))).ToList();
        return Joined(run.Measure(
            experiments,
            e => $"{outer.Key}-k{e.K}-seed{e.Seed} {trainings} {outer.Rate} {SpecificationJson.Hash(Specification(run, e.Seed, e.K))}",
            e => Means(run, e.K, e.Seed, Run(run, Specification(run, e.Seed, e.K), StartRate, trainings, outer))));
    }

    /// <summary>The same at fixed learning rates, unrolled as a whole.</summary>
    public static CsvTable Fixed(FigureRun run)
    {
        int k = run.Sizes.InnerSteps;
        var experiments = FixedRates.SelectMany(rate => run.Seeds.Select(seed => (Rate: rate, Seed: seed))).ToList();
        return Joined(run.Measure(
            experiments,
            e => FormattableString.Invariant(
                $"3-rate{e.Rate:G3}-seed{e.Seed} {run.Sizes.MeasuredTrainings} {SpecificationJson.Hash(Specification(run, e.Seed, k))}"),
            e => Means(run, k, e.Seed, Run(run, Specification(run, e.Seed, k), e.Rate, run.Sizes.MeasuredTrainings))));
    }

    /// <summary>Whole inner-trainings, one after the other.</summary>
    /// <param name="outer">Outer-optimizer; null: the learning rate stays at the start.</param>
    public static IReadOnlyList<DescentStep> Run(
        FigureRun run, RunSpecification specification, double start, int trainings, StudiedOuterOptimizer? outer = null) =>
        TruncatedDescent.Run(
            specification,
            run.Images(specification),
            (Parameter, start),
            (outer?.Rule ?? Standard.Rule, outer?.Rate ?? 0),
            trainings,
            run.Cancellation);

    /// <summary>Draws the start of the learning rate.</summary>
    public static void DrawStart(FigureRun run, SvgPlot plot) => plot.Line(
        "start, 0.001", new PlotStyle(SvgPlot.Grey, 3, 3), [(0, StartRate), (run.Sizes.InnerTrainings - 1, StartRate)], width: 1);

    private static CsvTable Means(FigureRun run, int truncation, long seed, IReadOnlyList<DescentStep> steps)
    {
        var table = new CsvTable("truncation", "seed", "training", "loss", "learningRate");
        double cap = Specification(run, seed, truncation).LossCap;
        foreach (var training in steps.GroupBy(step => step.Problem))
        {
            // An inner-training ends where w is not finite any more: the cap is the loss of the steps that it lacks.
            int missing = run.Sizes.InnerSteps - training.Sum(step => step.Steps);
            double loss = (training.Sum(step => step.Steps * step.Loss) + (missing * cap)) / run.Sizes.InnerSteps;
            table.Add(truncation, seed, training.Key, loss, training.Average(step => Math.Clamp(step.Value, LeastRate, GreatestRate)));
        }

        return table;
    }

    private static CsvTable Joined(CsvTable[] tables)
    {
        var joined = new CsvTable(tables[0].Columns);
        foreach (var row in tables.SelectMany(t => t.Rows)) joined.Add([.. row.Cells]);
        return joined;
    }
}
