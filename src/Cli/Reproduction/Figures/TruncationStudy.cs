using LoptCluster.Engine.OuterTraining;
using LoptCluster.Engine.Pathologies;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Outer-training of Adam's learning rate on a small MLP by truncated backpropagation (§2.4, Fig. 3).</summary>
/// <remarks>θ is the logarithm of the learning rate; Adam's other hyper-parameters stay.</remarks>
internal static class TruncationStudy
{
    /// <summary>Start of the learning rate (§2.4).</summary>
    public const double StartRate = 1e-3;

    /// <summary>Rate of the outer-optimizer. The paper gives none for Fig. 3; an outer-update moves the learning rate by 5 %.</summary>
    private const double OuterRate = 0.05;

    private const string Parameter = "learningRate";
    private static readonly OuterAdam Outer = new(Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8);

    /// <summary>
    /// Small minibatches of many noisy images: as in the paper, inner-training then reaches the noise of its gradients, where a lower
    /// learning rate helps at once. The quickstart's own tasks are fitted to the end, and do not show the bias.
    /// </summary>
    private static readonly string[] NoisyTasks = ["trainImagesPerClass=2000", "proceduralNoise=1"];

    /// <summary>Learning rates whose loss is measured, to find the best.</summary>
    private static readonly double[] FixedRates = [.. Enumerable.Range(0, 10).Select(i => Math.Pow(10, -4 + (i / 3.0)))];

    public static double InnerSteps(FigureSizes sizes) =>
        2.0 * sizes.Seeds * sizes.InnerSteps * sizes.Truncations.Length * sizes.InnerTrainings;

    public static double FixedInnerSteps(FigureSizes sizes) =>
        2.0 * sizes.Seeds * sizes.InnerSteps * FixedRates.Length * sizes.MeasuredTrainings;

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
    public static CsvTable Trained(FigureRun run)
    {
        var experiments = run.Sizes.Truncations.SelectMany(k => run.Seeds.Select(seed => (K: k, Seed: seed))).ToList();
        return Joined(run.Measure(
            experiments,
            e => $"3-k{e.K}-seed{e.Seed} {run.Sizes.InnerTrainings} {OuterRate} {SpecificationJson.Hash(Specification(run, e.Seed, e.K))}",
            e => Means(
                e.K,
                e.Seed,
                Run(run, Specification(run, e.Seed, e.K), StartRate, OuterRate, run.Sizes.InnerTrainings))));
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
            e => Means(k, e.Seed, Run(run, Specification(run, e.Seed, k), e.Rate, 0, run.Sizes.MeasuredTrainings))));
    }

    public static IReadOnlyList<DescentStep> Run(
        FigureRun run, RunSpecification specification, double start, double outerRate, int problems) => TruncatedDescent.Run(
            specification, run.Images(specification), (Parameter, start), (Outer, outerRate), problems, run.Cancellation);

    private static CsvTable Means(int truncation, long seed, IReadOnlyList<DescentStep> steps)
    {
        var table = new CsvTable("truncation", "seed", "training", "loss", "learningRate");
        foreach (var training in steps.GroupBy(step => step.Problem))
        {
            double loss = training.Sum(step => step.Steps * step.Loss) / training.Sum(step => step.Steps);
            table.Add(truncation, seed, training.Key, loss, training.Average(step => step.Value));
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
