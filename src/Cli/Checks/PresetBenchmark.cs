using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary>How fast one slot of this machine is on a preset, and what the whole run would cost.</summary>
/// <param name="InnerStepsPerSecond">Of one slot, both halves and the reverse sweep counted as one inner-step.</param>
/// <param name="SamplesPerSecond">Of one slot, at the k it was measured with.</param>
/// <param name="TruncationSteps">Mean k of the measured samples.</param>
/// <param name="RunInnerSteps">Inner-steps of the whole run, over all samples.</param>
internal sealed record PresetBenchmark(
    string Preset, double InnerStepsPerSecond, double SamplesPerSecond, double TruncationSteps, double RunInnerSteps)
{
    /// <summary>Samples before the clock counts: code is compiled and memory allocated.</summary>
    private const int WarmUpSamples = 2;

    public TimeSpan RunTime(int cores) => TimeSpan.FromSeconds(RunInnerSteps / InnerStepsPerSecond / cores);

    public static PresetBenchmark Measure(
        RunSpecification specification, IInnerProblemSource problems, TimeSpan duration, TimeProvider time, CancellationToken cancellation)
    {
        var (still, theta) = StillTraining.Of(specification);
        using var slot = new Slot(still, DatasetCatalog.Open(still, null), problems: problems);

        long problem = 0, steps = 0, samples = 0;
        var state = slot.Begin(problem);
        long started = 0;
        while (started == 0 || time.GetElapsedTime(started) < duration)
        {
            var sample = slot.Sample(state, theta, cancellation);
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
        return new PresetBenchmark(specification.Name, steps / seconds, samples / seconds, steps / (double)samples, StepsOfRun(specification));
    }

    /// <summary>Σ over updates of S × min(k, T).</summary>
    internal static double StepsOfRun(RunSpecification s)
    {
        var schedule = TruncationSchedule.Of(s);
        double sum = 0;
        for (int update = 0; update < s.OuterUpdates; update++) sum += Math.Min(schedule.BaseSteps(update), s.InnerSteps);
        return sum * s.BatchSamples;
    }
}
