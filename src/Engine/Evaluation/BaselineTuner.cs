using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>Runs a baseline with every learning rate on the task that a trainer stands at (§4.4).</summary>
internal static class BaselineTuner
{
    /// <param name="optimizer">Of the baseline.</param>
    /// <param name="exhaustive">Diverged runs go on to their end.</param>
    public static TunedBaseline Tune(
        InnerTrainer trainer, Baseline baseline, IInnerOptimizer optimizer, OuterObjective objective, CancellationToken cancellation, bool exhaustive = false)
    {
        TunedBaseline? tuned = null;
        // From the smallest rate on: when the large ones diverge, good ones are there to be compared with.
        foreach (double rate in Baseline.LearningRates)
        {
            var training = trainer.Run(optimizer, baseline.Theta(rate), cancellation, exhaustive ? null : tuned?.Best);
            tuned = tuned is null
                ? new TunedBaseline(training.Losses, training, rate)
                : Mean(training) < Mean(tuned.Shown)
                    ? new TunedBaseline(InnerTrainingLosses.Best(tuned.Best, training.Losses), training, rate)
                    : tuned with { Best = InnerTrainingLosses.Best(tuned.Best, training.Losses) };
        }

        return tuned!;

        double Mean(InnerTraining training) => objective == OuterObjective.Valid ? training.Losses.ValidMean : training.Losses.TrainMean;
    }
}

/// <summary>A baseline on one task.</summary>
/// <param name="Best">The best of each number, each over all learning rates.</param>
/// <param name="Shown">The run with the best mean of the run's objective.</param>
/// <param name="LearningRate">Of that run.</param>
internal sealed record TunedBaseline(InnerTrainingLosses Best, InnerTraining Shown, double LearningRate);
