using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary>Speed of one slot of this machine on a preset, and the cost of the whole run.</summary>
/// <param name="Preset">Name of the preset.</param>
/// <param name="InnerStepsPerSecond">Rate of one slot; both sides and the reverse sweep count as one inner-step.</param>
/// <param name="SamplesPerSecond">Rate of one slot at the measured k.</param>
/// <param name="TruncationSteps">Mean k of the measured samples.</param>
/// <param name="RunInnerSteps">Inner-steps of the whole run, over all samples.</param>
internal sealed record PresetBenchmark(
    string Preset, double InnerStepsPerSecond, double SamplesPerSecond, double TruncationSteps, double RunInnerSteps)
{
    /// <summary>Samples before the measurement, in which code is compiled and memory allocated.</summary>
    private const int WarmUpSamples = 2;

    public TimeSpan RunTime(int cores) => TimeSpan.FromSeconds(RunInnerSteps / InnerStepsPerSecond / cores);

    public static PresetBenchmark Measure(
        RunSpecification specification, IInnerProblemSource problems, TimeSpan duration, TimeProvider time, CancellationToken cancellation)
    {
        var (still, theta) = StillTraining.Of(specification);
        using var slot = new Slot(still, DatasetCatalog.OpenRun(still, null), problems: problems);

        long problem = 0, steps = 0, samples = 0;
        var state = slot.Begin(problem);
        long started = 0;
        while (started == 0 || time.GetElapsedTime(started) < duration)
        {
            var sample = slot.Measure(state, theta, cancellation);
            if (sample.ProblemFinished) state = slot.Begin(++problem);
            if (started == 0)
            {
                if (++samples < WarmUpSamples) continue;
                (started, samples) = (time.GetTimestamp(), 0);
                continue;
            }

            steps += sample.Steps;
            samples++;
        }

        double seconds = time.GetElapsedTime(started).TotalSeconds;
        return new PresetBenchmark(
            specification.Name, steps / seconds, samples / seconds, steps / (double)samples, StepsOfRun(specification));
    }

    /// <summary>Inner-steps of a run: Σ over updates of S × min(k, T).</summary>
    internal static double StepsOfRun(RunSpecification s) =>
        TruncationSchedule.Of(s).TotalSteps(s.OuterUpdates, s.LongestInnerSteps()) * s.BatchSamples;
}
