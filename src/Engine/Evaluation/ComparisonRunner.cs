using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>How far a comparison is.</summary>
public readonly record struct ComparisonProgress(int TasksDone, int Tasks);

/// <summary>Runs a comparison over all cores. What it finds does not depend on how many there are.</summary>
public static class ComparisonRunner
{
    /// <param name="threads">0: all cores.</param>
    public static Comparison Run(
        RunSpecification specification, IImageDataset dataset, float[] theta, IProgress<ComparisonProgress>? progress, CancellationToken cancellation, int threads = 0)
    {
        int tasks = specification.ComparisonTasks, done = 0;
        var results = new TaskResult[tasks];
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };
        Parallel.For(
            0,
            tasks,
            options,
            () => new Arena(specification, dataset),
            (task, _, arena) =>
            {
                results[task] = arena.Compare(task, theta, cancellation);
                progress?.Report(new ComparisonProgress(Interlocked.Increment(ref done), tasks));
                return arena;
            },
            arena => arena.Dispose());

        return new Comparison(
            specification.Objective,
            tasks,
            specification.CurveEverySteps,
            Collect("learned", "θ (learned)", [.. results.Select(r => r.Learned)]),
            [.. Baseline.All.Select((b, i) => Collect(b.Name, b.Title, [.. results.Select(r => r.Baselines[i])]))]);
    }

    private static ComparedOptimizer Collect(string name, string title, OptimizerResult[] byTask) => new(
        name,
        title,
        [.. byTask.Select(r => r.Losses)],
        Curve([.. byTask.Select(r => r.Shown.TrainCurve)]),
        Curve([.. byTask.Select(r => r.Shown.ValidCurve)]),
        [.. byTask.Where(r => r.LearningRate is not null).Select(r => r.LearningRate!.Value)]);

    private static Quartiles[] Curve(float[][] byTask) =>
        [.. Enumerable.Range(0, byTask[0].Length).Select(i => Quartiles.Of(byTask.Select(c => (double)c[i])))];

    private sealed record OptimizerResult(InnerTrainingLosses Losses, InnerTraining Shown, double? LearningRate);

    private sealed record TaskResult(OptimizerResult Learned, OptimizerResult[] Baselines);

    /// <summary>One thread's problem and optimizers.</summary>
    private sealed class Arena : IDisposable
    {
        private readonly RunSpecification _specification;
        private readonly InnerTrainer _trainer;
        private readonly ILearnedOptimizer _learned;
        private readonly IInnerOptimizer[] _baselines;

        public Arena(RunSpecification specification, IImageDataset dataset)
        {
            _specification = specification;
            _trainer = new InnerTrainer(specification, dataset);
            _learned = OptimizerFactory.Create(specification, _trainer.Layout);
            _baselines = [.. Baseline.All.Select(b => b.Create(_trainer.Layout))];
        }

        public TaskResult Compare(int task, float[] theta, CancellationToken cancellation)
        {
            _trainer.Enter(ClassSplit.OuterTest, task);
            var learned = _trainer.Run(_learned, theta, cancellation);
            return new TaskResult(
                new OptimizerResult(learned.Losses, learned, null),
                [.. Baseline.All.Select((b, i) => Tune(b, _baselines[i], cancellation))]);
        }

        public void Dispose()
        {
            _trainer.Dispose();
            _learned.Dispose();
            foreach (var baseline in _baselines) baseline.Dispose();
        }

        private OptimizerResult Tune(Baseline baseline, IInnerOptimizer optimizer, CancellationToken cancellation)
        {
            var runs = Baseline.LearningRates.Select(r => (Rate: r, Training: _trainer.Run(optimizer, baseline.Theta(r), cancellation))).ToArray();
            var shown = runs.MinBy(r => _specification.Objective == OuterObjective.Valid ? r.Training.Losses.ValidMean : r.Training.Losses.TrainMean);
            return new OptimizerResult(runs.Select(r => r.Training.Losses).Aggregate(InnerTrainingLosses.Best), shown.Training, shown.Rate);
        }
    }
}
