using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>What the rest of the schedule takes.</summary>
internal sealed class RemainingWork(RunSpecification specification, OuterPlan plan)
{
    private readonly TruncationSchedule _schedule = plan.Truncation;

    private readonly int _longestSteps = specification.LongestInnerSteps();

    /// <summary>k of the schedule, before jitter. A truncation is never longer than the longest T.</summary>
    public double TruncationSteps(long version) => Math.Min(_schedule.BaseSteps(version), _longestSteps);

    /// <summary>Time until the last outer-update; NaN while nothing tells it.</summary>
    /// <param name="version">Outer-updates done.</param>
    /// <param name="seconds">Training time so far.</param>
    /// <param name="stepsPerSecond">Inner-steps a second, of both particles of a pair.</param>
    public double Seconds(long version, double seconds, double stepsPerSecond) => specification.Mode == RunMode.Search
        ? version > 0 ? seconds * (plan.OuterUpdates - version) / version : double.NaN
        : stepsPerSecond > 0 ? 2 * PairSteps(version) / stepsPerSecond : double.NaN;

    /// <summary>Inner-steps of antithetic pairs until the last outer-update.</summary>
    public double PairSteps(long version)
    {
        double from = version, ramp = Math.Clamp(_schedule.FromUpdate + _schedule.RampUpdates, from, plan.OuterUpdates);
        double rising = (ramp - from) * (TruncationSteps(version) + TruncationSteps((long)ramp)) / 2;
        double flat = (plan.OuterUpdates - ramp) * Math.Min(_longestSteps, _schedule.Last);
        return (rising + flat) * specification.BatchSamples;
    }
}
