using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary>Time and memory of one whole sample of a long truncation.</summary>
/// <param name="Steps">Truncation length k.</param>
/// <param name="BudgetMegabytes">Memory budget of a slot (slotMemoryMegabytes).</param>
/// <param name="PlannedMegabytes">Memory that the truncation keeps.</param>
/// <param name="KeptGradients">Number of steps whose gradients are kept; the others are recomputed.</param>
/// <param name="PeakMegabytes">Peak memory of the whole process, without a dataset; null if the system does not report it.</param>
/// <param name="Seconds">Time for both sides, with g_rp and g_es.</param>
/// <param name="MeanLoss">Loss of the sample; near that of an initial w if the whole truncation was swept.</param>
internal sealed record TruncationBenchmark(
    int Steps, int BudgetMegabytes, double PlannedMegabytes, int KeptGradients, double? PeakMegabytes, double Seconds, double MeanLoss)
{
    private const double Megabyte = 1 << 20;

    /// <summary>Measures a problem of the preset; of a mixture one with the longest horizon.</summary>
    /// <exception cref="UserErrorException">The truncation does not fit the budget.</exception>
    public static TruncationBenchmark Measure(
        RunSpecification specification, IInnerProblemSource problems, int steps, TimeProvider time, CancellationToken cancellation)
    {
        var longest = new TaskMixture(specification).Corners().Select(corner => corner.Specification).MaxBy(s => s.InnerSteps)!;
        var (still, theta) = StillTraining.Of(longest with
        {
            InnerSteps = Math.Max(steps, longest.InnerSteps),
            TruncationFirst = steps,
            TruncationLast = steps,
            TruncationJitter = 0,
            StaggeredStarts = false,
        });
        using var slot = new Slot(still, DatasetCatalog.OpenRun(still, null), problems: problems);
        var plan = slot.Plan(steps);
        var state = slot.Begin(0);
        long started = time.GetTimestamp();
        var sample = slot.Measure(state, theta, cancellation);
        double seconds = time.GetElapsedTime(started).TotalSeconds;
        double? peak = PeakMemory.Bytes() / Megabyte;
        return new TruncationBenchmark(
            steps, still.SlotMemoryMegabytes, plan.Bytes / Megabyte, plan.KeptGradients, peak, seconds, sample.MeanLoss);
    }
}
