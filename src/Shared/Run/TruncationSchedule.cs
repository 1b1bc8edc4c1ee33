using LoptCluster.Shared.Specification;

namespace LoptCluster.Shared.Run;

/// <summary>k of App. D.3: rises linearly from <paramref name="First"/> to <paramref name="Last"/> over <paramref name="RampUpdates"/> outer-updates.</summary>
public sealed record TruncationSchedule(double First, double Last, double RampUpdates)
{
    public static TruncationSchedule Of(RunSpecification specification) =>
        new(specification.TruncationFirst, specification.TruncationLast, specification.TruncationRampUpdates);

    /// <summary>Greatest number of inner-steps that a truncation of the run can have, jitter included.</summary>
    public static int LongestSteps(RunSpecification specification) =>
        Of(specification).Steps(long.MaxValue, 1 + specification.TruncationJitter, specification.InnerSteps);

    /// <summary>k before jitter, in inner-steps.</summary>
    public double BaseSteps(long outerUpdate) =>
        RampUpdates <= 0 || outerUpdate >= RampUpdates ? Last : First + ((Last - First) * outerUpdate / RampUpdates);

    /// <summary>min(⌊base × jitter⌋, steps left), at least 1. <paramref name="jitter"/> is a factor, uniform in 1 ± 0.2 in the paper.</summary>
    public int Steps(long outerUpdate, double jitter, int stepsLeft) =>
        (int)Math.Min(Math.Max(1, Math.Floor(BaseSteps(outerUpdate) * jitter)), stepsLeft);
}
