using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>Computes parts of a comparison, one after the other: one optimizer on one task.</summary>
/// <remarks>
/// Inner-problem and optimizers of one thread: not thread-safe. A result depends on the specification, the task and the optimizer alone,
/// whoever computes it and in whatever order.
/// </remarks>
public sealed class ComparisonArena : IDisposable
{
    private readonly RunSpecification _specification;
    private readonly InnerTrainer _trainer;
    private readonly TaskOptimizers _optimizers;
    private readonly ClassSplit _split;
    private readonly int _firstTask;
    private int _task = -1;

    /// <param name="specification">Run whose tasks are compared on.</param>
    /// <param name="images">Its images.</param>
    /// <param name="problems">Source of inner-problems; null: the engine's own.</param>
    /// <param name="split">Part of the classes that the tasks are drawn from.</param>
    /// <param name="firstTask">Number of the first task; others follow.</param>
    /// <param name="taken">Counts the inner-steps.</param>
    public ComparisonArena(
        RunSpecification specification, IRunImages images, IInnerProblemSource? problems = null, ClassSplit split = ClassSplit.OuterTest,
        int firstTask = 0, InnerStepCounter? taken = null)
    {
        (_specification, _split, _firstTask) = (specification, split, firstTask);
        _trainer = new InnerTrainer(specification, images, problems, taken);
        _optimizers = new TaskOptimizers(_trainer);
    }

    /// <summary>The run's optimizer on a task.</summary>
    /// <param name="task">Index of the task, from 0.</param>
    /// <param name="theta">θ [P].</param>
    /// <param name="cancellation">Checked at every inner-step.</param>
    public PartResult Run(int task, ReadOnlySpan<float> theta, CancellationToken cancellation)
    {
        Enter(task);
        var learned = _trainer.Run(_optimizers.Learned, theta, cancellation);
        return new PartResult(learned.Losses, learned.TrainCurve, learned.ValidCurve, 0);
    }

    /// <summary>A baseline on a task, with each of its settings.</summary>
    /// <param name="task">Index of the task, from 0.</param>
    /// <param name="baseline">The same object for all tasks: its optimizer is kept.</param>
    /// <param name="cancellation">Checked at every inner-step.</param>
    public PartResult Run(int task, Baseline baseline, CancellationToken cancellation)
    {
        Enter(task);
        var tuned = BaselineTuner.Tune(_trainer, baseline, _optimizers.Of(baseline), _specification.Objective, cancellation);
        return new PartResult(tuned.Best, tuned.Shown.TrainCurve, tuned.Shown.ValidCurve, tuned.Setting);
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _optimizers.Dispose();
    }

    private void Enter(int task)
    {
        if (task != _task) _trainer.Enter(_split, _firstTask + task);
        _task = task;
    }
}
