using System.Collections.Immutable;
using System.Diagnostics;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>How much a comparison computes, and about how long it takes on all cores of this machine.</summary>
/// <param name="InnerTrainings">Inner-trainings: of each task one of θ, and one of each setting of each baseline.</param>
/// <param name="Time">
/// From the time of a few inner-steps. Baselines whose large learning rates diverge are stopped early, so it takes less if many do.
/// </param>
public sealed record ComparisonEstimate(int InnerTrainings, TimeSpan Time)
{
    /// <summary>Measured tasks, spread over all: the problems of a mixture differ in size.</summary>
    private const int MostTasks = 4;

    /// <summary>A gradient is a forward and a backward pass of twice its work; the validation loss is one more forward pass.</summary>
    private const double GradientsAStep = 1 + (1 / 3.0);

    /// <summary>Kernels are compiled in the first calls: an optimizer's first task is measured after so long.</summary>
    private const double WarmUpSeconds = 0.05;

    private const double MeasuredSeconds = 5e-3;

    /// <param name="specification">Run whose held-out tasks are compared on.</param>
    /// <param name="images">Its images.</param>
    /// <param name="theta">θ [P].</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <param name="problems">Source of inner-problems; null: the engine's own.</param>
    /// <param name="baselines">Baselines of the comparison; default: <see cref="Baseline.Standard"/>.</param>
    public static ComparisonEstimate Measure(
        RunSpecification specification, IRunImages images, float[] theta, CancellationToken cancellation,
        IInnerProblemSource? problems = null, ImmutableArray<Baseline> baselines = default)
    {
        if (baselines.IsDefault) baselines = Baseline.Standard;
        int tasks = specification.ComparisonTasks, measured = Math.Min(MostTasks, tasks);
        long[] steps = [.. TaskKinds.InnerStepsOf(specification, tasks).Select(t => (long)t)];
        using var trainer = new InnerTrainer(specification, images, problems);
        using var optimizers = new TaskOptimizers(trainer);
        int trainings = 1 + baselines.Sum(b => b.Settings.Length);
        double seconds = 0;
        long counted = 0;
        for (int i = 0; i < measured; i++)
        {
            int task = (int)((long)i * tasks / measured);
            trainer.Enter(ClassSplit.OuterTest, task);
            seconds += steps[task] * SecondsOfAll(warmUp: i == 0 ? WarmUpSeconds : 0);
            counted += steps[task];
        }

        int threads = Math.Min(Environment.ProcessorCount, tasks * (1 + baselines.Length));
        return new(tasks * trainings, TimeSpan.FromSeconds(seconds / counted * steps.Sum() / threads));

        // One inner-step of each training of the current task.
        double SecondsOfAll(double warmUp)
        {
            var learned = TimeOf(optimizers.Learned, theta, warmUp);
            return (trainings * GradientsAStep * learned.GradientSeconds) + learned.UpdateSeconds
                + baselines.Sum(b => b.Settings.Length * TimeOf(optimizers.Of(b), b.Settings[0], warmUp).UpdateSeconds);
        }

        StepTime TimeOf(IInnerOptimizer optimizer, float[] values, double warmUp)
        {
            long began = Stopwatch.GetTimestamp();
            StepTime time;
            do
            {
                cancellation.ThrowIfCancellationRequested();
                time = trainer.Time(optimizer, values, 1, Seconds);
            }
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < warmUp);
            return trainer.Time(optimizer, values, (int)Math.Clamp(MeasuredSeconds / time.InnerStepSeconds, 1, 1000), Seconds);
        }
    }

    private static double Seconds() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
}
