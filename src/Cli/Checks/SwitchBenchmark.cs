using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary>Time that a slot takes to turn from one problem to another: draw, layout, arena and task, before any inner-step.</summary>
/// <param name="Microseconds">Mean time of a switch.</param>
/// <param name="SampleShare">The same as a share of the mean time of a sample.</param>
internal sealed record SwitchBenchmark(double Microseconds, double SampleShare)
{
    /// <summary>More than a slot keeps arenas for, so that those of a mixture are made again and again: the worst case.</summary>
    private const int Problems = 32;

    /// <param name="samplesPerSecond">Rate of one slot on the preset.</param>
    public static SwitchBenchmark Measure(
        RunSpecification specification,
        IInnerProblemSource problems,
        double samplesPerSecond,
        TimeSpan duration,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var still = StillTraining.Of(specification).Specification;
        using var slot = new Slot(still, DatasetCatalog.OpenRun(still, null), problems: problems);
        var states = Enumerable.Range(0, Problems).Select(id => slot.Begin(id)).ToArray();
        long switches = 0, started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < duration)
        {
            cancellation.ThrowIfCancellationRequested();
            // The check of a state enters its problem.
            foreach (var state in states) slot.MismatchOf(state);
            switches += states.Length;
        }

        double seconds = time.GetElapsedTime(started).TotalSeconds / switches;
        return new SwitchBenchmark(1e6 * seconds, seconds * samplesPerSecond);
    }
}
