using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>Evaluates θ, or tuned Adam, on a few fixed tasks: the points of Fig. 5.</summary>
public static class TaskEvaluator
{
    /// <param name="theta">Parameters θ; null: Adam with the best of the paper's learning rates, chosen for each task and number.</param>
    /// <param name="split">Part of the classes that the tasks are drawn from.</param>
    /// <param name="tasks">Number of tasks: 0 … tasks − 1, the same in every call.</param>
    /// <param name="problems">Source of inner-problems; null: the engine's own.</param>
    /// <param name="taken">Counts the inner-steps.</param>
    public static EvaluationOutcome Evaluate(
        RunSpecification specification,
        IRunImages images,
        float[]? theta,
        ClassSplit split,
        int tasks,
        CancellationToken cancellation,
        IInnerProblemSource? problems = null,
        InnerStepCounter? taken = null)
    {
        using var trainer = new InnerTrainer(specification, images, problems, taken);
        using var optimizers = new TaskOptimizers(trainer);
        double[] mean = new double[tasks], final = new double[tasks];
        for (int task = 0; task < tasks; task++)
        {
            trainer.Enter(split, task);
            var losses = theta is null
                ? BaselineTuner.Tune(trainer, Baseline.Adam, optimizers.Of(Baseline.Adam), specification.Objective, cancellation).Best
                : trainer.Run(optimizers.Learned, theta, cancellation).Losses;
            bool valid = specification.Objective == OuterObjective.Valid;
            mean[task] = valid ? losses.ValidMean : losses.TrainMean;
            final[task] = valid ? losses.ValidFinal : losses.TrainFinal;
        }

        return new EvaluationOutcome(mean, final);
    }
}
