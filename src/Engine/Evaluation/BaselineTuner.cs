using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>Runs a baseline with each of its settings on a trainer's current task (§4.4).</summary>
internal static class BaselineTuner
{
    /// <param name="optimizer">Optimizer of the baseline's family.</param>
    /// <param name="exhaustive">Whether diverged runs are continued to their end.</param>
    public static TunedBaseline Tune(
        InnerTrainer trainer,
        Baseline baseline,
        IInnerOptimizer optimizer,
        OuterObjective objective,
        CancellationToken cancellation,
        bool exhaustive = false)
    {
        TunedBaseline? tuned = null;
        // Ascending rates: when a large one diverges, good results to compare it with exist already, and the run can be stopped early.
        for (int setting = 0; setting < baseline.Settings.Length; setting++)
        {
            var training = trainer.Run(optimizer, baseline.Settings[setting], cancellation, exhaustive ? null : tuned?.Best);
            tuned = tuned is null
                ? new TunedBaseline(training.Losses, training, setting)
                : Mean(training) < Mean(tuned.Shown)
                    ? new TunedBaseline(InnerTrainingLosses.Best(tuned.Best, training.Losses), training, setting)
                    : tuned with { Best = InnerTrainingLosses.Best(tuned.Best, training.Losses) };
        }

        return tuned!;

        double Mean(InnerTraining training) => objective == OuterObjective.Valid ? training.Losses.ValidMean : training.Losses.TrainMean;
    }
}

/// <summary>Result of a baseline on one task.</summary>
/// <param name="Best">Best of each number, each over all settings.</param>
/// <param name="Shown">Run with the best mean of the run's objective.</param>
/// <param name="Setting">Index of that run's setting.</param>
internal sealed record TunedBaseline(InnerTrainingLosses Best, InnerTraining Shown, int Setting);
