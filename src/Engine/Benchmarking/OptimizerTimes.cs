using System.Collections.Immutable;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>Seconds of processor time of an inner-step with one optimizer, by round.</summary>
/// <param name="Steps">Whole inner-steps: loss, gradient and update in turn, as inner-training has them.</param>
/// <param name="Updates">The updates alone, one after the other.</param>
public sealed record OptimizerTimes(IReadOnlyList<double> Steps, IReadOnlyList<double> Updates)
{
    private const int WarmUps = 2;
    private const int FewestSteps = 4;

    /// <summary>A measurement lasts at least this long, so that the clock's own cost does not matter.</summary>
    private const double LeastSeconds = 5e-3;

    /// <summary>
    /// Measures inner-training on noise (App. G) on the calling thread. The optimizers take turns, so that other load on the machine
    /// affects all of them.
    /// </summary>
    /// <param name="problem">Problem to measure, with its largest minibatch.</param>
    /// <param name="families">The optimizers, at their initial θ.</param>
    /// <param name="rounds">Number of measured rounds, after two warm-up rounds.</param>
    /// <param name="cancellation">Checked before every round.</param>
    /// <returns>The times of each optimizer.</returns>
    public static ImmutableArray<OptimizerTimes> Measure(
        IInnerProblem problem, ImmutableArray<IOuterTrainableFamily> families, int rounds, CancellationToken cancellation)
    {
        using var data = new ProblemData(problem);
        TimedTraining[] trainings = [.. families.Select(family => new TimedTraining(family, problem, data))];
        try
        {
            var times = families.Select(_ => (Steps: new List<double>(rounds), Updates: new List<double>(rounds))).ToList();
            int steps = FewestSteps;
            for (int round = -WarmUps; round < rounds; round++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < trainings.Length; i++)
                {
                    double step = trainings[i].StepSeconds(steps), update = trainings[i].UpdateSeconds(steps);
                    if (round >= 0)
                    {
                        times[i].Steps.Add(step);
                        times[i].Updates.Add(update);
                    }
                }

                // The first round compiles the code; the second tells how long an inner-step takes. All optimizers do the same number.
                if (round == -1) steps = Math.Max(FewestSteps, (int)(LeastSeconds / trainings[0].StepSeconds(FewestSteps)));
            }

            return [.. times.Select(t => new OptimizerTimes(t.Steps, t.Updates))];
        }
        finally
        {
            foreach (var training in trainings) training.Dispose();
        }
    }
}
