using System.Collections.Immutable;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>Runs a comparison on all cores. The results do not depend on the number of cores.</summary>
public static class ComparisonRunner
{
    /// <param name="threads">Number of threads; 0: one per core.</param>
    /// <param name="problems">Source of inner-problems; null: the engine's own.</param>
    /// <param name="baselines">Optimizers to compare θ with; default: <see cref="Baseline.Standard"/>.</param>
    /// <param name="split">Part of the classes that the tasks are drawn from.</param>
    /// <param name="firstTask">Number of the first task; others follow.</param>
    public static Comparison Run(
        RunSpecification specification,
        IRunImages images,
        float[] theta,
        IProgress<ComparisonProgress>? progress,
        CancellationToken cancellation,
        int threads = 0,
        IInnerProblemSource? problems = null,
        ImmutableArray<Baseline> baselines = default,
        ClassSplit split = ClassSplit.OuterTest,
        int firstTask = 0)
    {
        if (baselines.IsDefault) baselines = Baseline.Standard;
        int tasks = specification.ComparisonTasks, optimizers = baselines.Length + 1, next = 0, done = 0;
        var results = Enumerable.Range(0, tasks).Select(_ => new PartResult[optimizers]).ToArray();
        int[] missing = [.. Enumerable.Repeat(optimizers, tasks)];
        int workers = Math.Min(threads > 0 ? threads : Environment.ProcessorCount, tasks * optimizers);
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = workers };
        // A queue of (task, optimizer) rather than ranges of tasks: tasks are few and long, and no core should be idle.
        Parallel.For(0, workers, options, _ =>
        {
            if (Volatile.Read(ref next) >= tasks * optimizers) return;
            using var arena = new ComparisonArena(specification, images, problems, split, firstTask);
            for (int part; (part = Interlocked.Increment(ref next) - 1) < tasks * optimizers;)
            {
                var (task, optimizer) = Math.DivRem(part, optimizers);
                results[task][optimizer] = optimizer == 0
                    ? arena.Run(task, theta, cancellation)
                    : arena.Run(task, baselines[optimizer - 1], cancellation);
                if (Interlocked.Decrement(ref missing[task]) == 0)
                    progress?.Report(new ComparisonProgress(Interlocked.Increment(ref done), tasks));
            }
        });

        return ComparisonComposer.Compose(specification, baselines, results, firstTask);
    }
}
