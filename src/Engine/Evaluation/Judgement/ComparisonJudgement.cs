using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation.Judgement;

/// <summary>What a comparison says of its optimizers: rankings, profiles, improvements and times, with intervals.</summary>
/// <remarks>Not thread-safe. Everything but the times depends on the comparison's losses and the seed alone.</remarks>
/// <param name="seed">Seed of the bootstrap: the run's.</param>
public sealed class ComparisonJudgement(Comparison comparison, long seed)
{
    private readonly StratifiedBootstrap _bootstrap = new(comparison.Tasks, comparison.Kinds, seed);

    public Comparison Comparison => comparison;

    /// <summary>θ, then the baselines in the comparison's order.</summary>
    public IReadOnlyList<ComparedOptimizer> Optimizers { get; } = [comparison.Learned, .. comparison.Baselines];

    /// <summary>All optimizers from the best to the worst.</summary>
    public IReadOnlyList<RankedOptimizer> Ranking(LossMeasure measure)
    {
        var ordered = Optimizers.Zip(Ratios(measure), (optimizer, ratios) => (optimizer, loss: _bootstrap.InterquartileMeanOf(ratios)))
            .OrderBy(o => double.IsNaN(o.loss.Value) ? double.PositiveInfinity : o.loss.Value).ToArray();
        return [.. ordered.Select(o => new RankedOptimizer(1 + ordered.Count(p => p.loss.Value < o.loss.Value), o.optimizer, o.loss))];
    }

    /// <summary>By optimizer, as <see cref="Optimizers"/>, and task: loss relative to the task's best optimizer.</summary>
    public double[][] Ratios(LossMeasure measure) =>
        PerformanceProfile.Ratios([.. Optimizers.Select(o => o.Losses.Select(measure.Of).ToArray())]);

    /// <summary>Interquartile mean over tasks of (baseline − learned) / baseline.</summary>
    public Estimate Improvement(string baseline, LossMeasure measure) =>
        _bootstrap.InterquartileMeanOf(comparison.Improvements(baseline, measure));

    /// <summary>How long θ takes to the final loss of a baseline.</summary>
    public UntilFinalLoss Until(string baseline, OuterObjective split) =>
        UntilFinalLoss.Of(comparison, comparison.Baselines.Single(b => b.Name == baseline), split);

    /// <summary>Mean time of an inner-step over the tasks; null if it was not measured.</summary>
    public static StepTime? MeanStepTime(ComparedOptimizer optimizer) => optimizer.StepTimes.Length == 0
        ? null
        : new StepTime(optimizer.StepTimes.Average(t => t.GradientSeconds), optimizer.StepTimes.Average(t => t.UpdateSeconds));
}
