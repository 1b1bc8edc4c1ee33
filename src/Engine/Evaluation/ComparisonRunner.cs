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
        var results = Enumerable.Range(0, tasks).Select(_ => new TaskResult(optimizers)).ToArray();
        int workers = Math.Min(threads > 0 ? threads : Environment.ProcessorCount, tasks * optimizers);
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = workers };
        // A queue of (task, optimizer) rather than ranges of tasks: tasks are few and long, and no core should be idle.
        Parallel.For(0, workers, options, _ =>
        {
            if (Volatile.Read(ref next) >= tasks * optimizers) return;
            using var arena = new Arena(specification, images, baselines, problems, split, firstTask);
            for (int item; (item = Interlocked.Increment(ref next) - 1) < tasks * optimizers;)
            {
                var result = results[item / optimizers];
                if (result.Complete(item % optimizers, arena.Run(item / optimizers, item % optimizers, theta, cancellation)))
                    progress?.Report(new ComparisonProgress(Interlocked.Increment(ref done), tasks));
            }
        });

        return new Comparison(
            specification.Objective,
            tasks,
            CurveIntervals.Of(specification),
            Collect("learned", "θ (learned)", [.. results.Select(r => r.Learned)]),
            [.. baselines.Select((b, i) => Collect(b.Name, b.Title, [.. results.Select(r => r.Baselines[i])]) with { Rules = Rules(b) })])
        {
            Kinds = [.. TaskKinds.Of(specification, tasks, firstTask)],
            InnerSteps = [.. TaskKinds.InnerStepsOf(specification, tasks, firstTask)],
        };
    }

    private static ComparedOptimizer Collect(string name, string title, OptimizerResult[] byTask)
    {
        float[][] train = [.. byTask.Select(r => r.Shown.TrainCurve)], valid = [.. byTask.Select(r => r.Shown.ValidCurve)];
        return new ComparedOptimizer(
            name,
            title,
            [.. byTask.Select(r => r.Losses)],
            Curve(train),
            Curve(valid),
            [.. byTask.Where(r => r.LearningRate is not null).Select(r => r.LearningRate!.Value)])
        {
            TrainCurves = train,
            ValidCurves = valid,
        };
    }

    private static BaselineRules Rules(Baseline baseline) => new(
        baseline.Ruleset,
        baseline.Settings.Length,
        baseline.Search?.Configurations ?? 0,
        baseline.Search?.InnerSteps ?? 0,
        baseline.Search?.Seconds ?? 0);

    private static Quartiles[] Curve(float[][] byTask) =>
        [.. Enumerable.Range(0, byTask[0].Length).Select(i => Quartiles.Of(byTask.Select(c => (double)c[i])))];

    private sealed record OptimizerResult(InnerTrainingLosses Losses, InnerTraining Shown, double? LearningRate);

    private sealed class TaskResult(int optimizers)
    {
        private readonly OptimizerResult[] _byOptimizer = new OptimizerResult[optimizers];
        private int _missing = optimizers;

        public OptimizerResult Learned => _byOptimizer[0];

        public ReadOnlySpan<OptimizerResult> Baselines => _byOptimizer.AsSpan(1);

        /// <returns>Whether this result completes the task.</returns>
        public bool Complete(int optimizer, OptimizerResult result)
        {
            _byOptimizer[optimizer] = result;
            return Interlocked.Decrement(ref _missing) == 0;
        }
    }

    /// <summary>Inner-problem and optimizers of one thread.</summary>
    private sealed class Arena : IDisposable
    {
        private readonly RunSpecification _specification;
        private readonly ImmutableArray<Baseline> _baselines;
        private readonly InnerTrainer _trainer;
        private readonly TaskOptimizers _optimizers;
        private readonly ClassSplit _split;
        private readonly int _firstTask;
        private int _task = -1;

        public Arena(
            RunSpecification specification, IRunImages images, ImmutableArray<Baseline> baselines, IInnerProblemSource? problems,
            ClassSplit split, int firstTask)
        {
            (_split, _firstTask) = (split, firstTask);
            _specification = specification;
            _baselines = baselines;
            _trainer = new InnerTrainer(specification, images, problems);
            _optimizers = new TaskOptimizers(_trainer);
        }

        /// <param name="optimizer">Index of the optimizer: 0 for θ, i + 1 for baseline i.</param>
        public OptimizerResult Run(int task, int optimizer, float[] theta, CancellationToken cancellation)
        {
            if (task != _task) _trainer.Enter(_split, _firstTask + task);
            _task = task;
            if (optimizer == 0)
            {
                var learned = _trainer.Run(_optimizers.Learned, theta, cancellation);
                return new OptimizerResult(learned.Losses, learned, null);
            }

            var baseline = _baselines[optimizer - 1];
            var tuned = BaselineTuner.Tune(_trainer, baseline, _optimizers.Of(baseline), _specification.Objective, cancellation);
            return new OptimizerResult(tuned.Best, tuned.Shown, tuned.LearningRate);
        }

        public void Dispose()
        {
            _trainer.Dispose();
            _optimizers.Dispose();
        }
    }
}
