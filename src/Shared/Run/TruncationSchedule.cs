using LoptCluster.Shared.Specification;

namespace LoptCluster.Shared.Run;

/// <summary>
/// Truncation length k (App. D.3): rises linearly from <paramref name="First"/> to <paramref name="Last"/> over
/// <paramref name="RampUpdates"/> outer-updates.
/// </summary>
public sealed record TruncationSchedule(double First, double Last, double RampUpdates)
{
    public static TruncationSchedule Of(RunSpecification specification) =>
        new(specification.TruncationFirst, specification.TruncationLast, specification.TruncationRampUpdates);

    /// <summary>Maximum number of inner-steps in a truncation of the run, with jitter.</summary>
    public static int LongestSteps(RunSpecification specification) =>
        Of(specification).Steps(long.MaxValue, 1 + specification.TruncationJitter, specification.LongestInnerSteps());

    /// <summary>Truncation length before jitter, in inner-steps.</summary>
    public double BaseSteps(long outerUpdate) =>
        RampUpdates <= 0 || outerUpdate >= RampUpdates ? Last : First + ((Last - First) * outerUpdate / RampUpdates);

    /// <summary>Truncation length min(⌊base × jitter⌋, <paramref name="stepsLeft"/>), at least 1.</summary>
    /// <param name="outerUpdate">Number of outer-updates so far.</param>
    /// <param name="jitter">Random factor, uniform in 1 ± 0.2 in the paper.</param>
    /// <param name="stepsLeft">Inner-steps up to the horizon of the problem.</param>
    public int Steps(long outerUpdate, double jitter, int stepsLeft) =>
        (int)Math.Min(Math.Max(1, Math.Floor(BaseSteps(outerUpdate) * jitter)), stepsLeft);
}
