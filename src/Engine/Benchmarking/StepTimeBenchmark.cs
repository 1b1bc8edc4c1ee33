using System.Collections.Immutable;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>
/// Time of an inner-step with each optimizer of a comparison, gradient and update apart: on one thread, on the first tasks of each kind, by
/// the kernels that made the comparison. Optimizers take turns, so that a machine that slows down slows all of them.
/// </summary>
public static class StepTimeBenchmark
{
    /// <summary>Measured tasks of each kind: the problems of a mixture differ in size.</summary>
    private const int TasksOfAKind = 3;

    private const int Rounds = 5;

    /// <summary>The clock is exact to a microsecond: an update that is shorter than this is repeated.</summary>
    private const double LeastSeconds = 2e-4;

    /// <summary>Limit of a measurement, unless a single inner-step takes longer.</summary>
    private const double MostSeconds = 1e-2;

    /// <summary>The comparison with the times of its optimizers: each task has the median of the measured tasks of its kind.</summary>
    /// <param name="problems">Source of inner-problems; null: the engine's own.</param>
    /// <param name="baselines">Baselines of the comparison; default: <see cref="Baseline.Standard"/>.</param>
    public static Comparison Measure(
        RunSpecification specification,
        IRunImages images,
        float[] theta,
        Comparison comparison,
        CancellationToken cancellation,
        IInnerProblemSource? problems = null,
        ImmutableArray<Baseline> baselines = default)
    {
        if (baselines.IsDefault) baselines = Baseline.Standard;
        using var trainer = new InnerTrainer(specification, images, problems);
        using var optimizers = new TaskOptimizers(trainer);
        var times = new StepTime[comparison.Baselines.Count + 1][];
        for (int i = 0; i < times.Length; i++) times[i] = new StepTime[comparison.Tasks];
        foreach (var kind in Enumerable.Range(0, comparison.Tasks).GroupBy(task => comparison.Kinds.ElementAtOrDefault(task)))
        {
            StepTime[][] measured = [.. kind.Take(TasksOfAKind).Select(OfTask)];
            for (int i = 0; i < times.Length; i++)
            {
                var median = MedianOf([.. measured.Select(m => m[i])]);
                foreach (int task in kind) times[i][task] = median;
            }
        }

        return comparison with
        {
            Learned = comparison.Learned with { StepTimes = times[0] },
            Baselines = [.. comparison.Baselines.Select((b, i) => b with { StepTimes = times[i + 1] })],
        };

        StepTime[] OfTask(int task)
        {
            trainer.Enter(ClassSplit.OuterTest, task);
            // Speed does not depend on the setting: the first of a grid, its smallest rate, keeps w finite.
            (IInnerOptimizer Optimizer, float[] Theta)[] compared =
                [(optimizers.Learned, theta), .. baselines.Select(b => (optimizers.Of(b), b.Settings[0]))];
            int repetitions = Repetitions([.. compared.Select(c => trainer.Time(c.Optimizer, c.Theta, 1, ProcessorClock.Seconds))]);
            double reading = Medians.Of(Enumerable.Range(0, Rounds).Select(_ => ProcessorClock.SecondsOf(() => { }))) / repetitions;
            var rounds = new StepTime[Rounds][];
            for (int round = 0; round < Rounds; round++)
            {
                cancellation.ThrowIfCancellationRequested();
                rounds[round] = [.. compared.Select(c => trainer.Time(c.Optimizer, c.Theta, repetitions, ProcessorClock.Seconds))];
            }

            // The gradient does not depend on the optimizer: the median of all is exacter than that of one.
            double gradient = Medians.Of(rounds.SelectMany(round => round).Select(time => time.GradientSeconds)) - reading;
            return
            [
                .. compared.Select((_, i) => Medians.Of(rounds.Select(round => round[i].UpdateSeconds)))
                    .Select(update => new StepTime(gradient, Math.Max(0, update - reading))),
            ];
        }
    }

    /// <summary>The same for all optimizers, so that all find the same caches: enough for the shortest update.</summary>
    private static int Repetitions(StepTime[] times)
    {
        double longest = times.Max(t => t.InnerStepSeconds), shortest = times.Min(t => t.UpdateSeconds);
        return (int)Math.Max(1, Math.Min(Math.Ceiling(LeastSeconds / shortest), MostSeconds / longest));
    }

    private static StepTime MedianOf(StepTime[] times) =>
        new(Medians.Of(times.Select(t => t.GradientSeconds)), Medians.Of(times.Select(t => t.UpdateSeconds)));
}
