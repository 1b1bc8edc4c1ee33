using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary>One whole sample of a long truncation: what it takes, and what memory the process needs for it.</summary>
/// <param name="Steps">k.</param>
/// <param name="BudgetMegabytes">slotMemoryMegabytes.</param>
/// <param name="PlannedMegabytes">What the truncation keeps.</param>
/// <param name="KeptGradients">Of so many steps; the others' are computed again.</param>
/// <param name="PeakMegabytes">The most that the process has held, the runtime and everything else included; without the dataset. Null where the system does not say.</param>
/// <param name="Seconds">Both halves, with g_rp and g_es.</param>
/// <param name="MeanLoss">Of the sample: near that of a start, so that the whole truncation was swept.</param>
internal sealed record TruncationBenchmark(
    int Steps, int BudgetMegabytes, double PlannedMegabytes, int KeptGradients, double? PeakMegabytes, double Seconds, double MeanLoss)
{
    private const double Megabyte = 1 << 20;

    /// <exception cref="UserErrorException">The truncation does not fit the budget.</exception>
    public static TruncationBenchmark Measure(
        RunSpecification specification, IInnerProblemSource problems, int steps, TimeProvider time, CancellationToken cancellation)
    {
        var (still, theta) = StillTraining.Of(specification with
        {
            InnerSteps = Math.Max(steps, specification.InnerSteps),
            TruncationFirst = steps,
            TruncationLast = steps,
            TruncationJitter = 0,
            StaggeredStarts = false,
        });
        using var slot = new Slot(still, DatasetCatalog.Open(still, null), problems: problems);
        var plan = slot.Plan(steps);
        var state = slot.Begin(0);
        long started = time.GetTimestamp();
        var sample = slot.Sample(state, theta, cancellation);
        double seconds = time.GetElapsedTime(started).TotalSeconds;
        double? peak = PeakMemory.Bytes() / Megabyte;
        return new TruncationBenchmark(steps, still.SlotMemoryMegabytes, plan.Bytes / Megabyte, plan.KeptGradients, peak, seconds, sample.MeanLoss);
    }
}
