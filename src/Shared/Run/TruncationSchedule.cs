using LoptCluster.Shared.Specification;

namespace LoptCluster.Shared.Run;

/// <summary>
/// Truncation length k (App. D.3): rises linearly from <paramref name="First"/> to <paramref name="Last"/> over
/// <paramref name="RampUpdates"/> outer-updates, beginning at <paramref name="FromUpdate"/>.
/// </summary>
public sealed record TruncationSchedule(double First, double Last, double RampUpdates, long FromUpdate = 0)
{
    public static TruncationSchedule Of(RunSpecification specification) =>
        new(specification.TruncationFirst, specification.TruncationLast, specification.TruncationRampUpdates);

    /// <summary>Maximum number of inner-steps in a truncation of the run, with jitter.</summary>
    public static int LongestSteps(RunSpecification specification) =>
        Of(specification).Steps(long.MaxValue, 1 + specification.TruncationJitter, specification.LongestInnerSteps());

    /// <summary>Truncation length before jitter, in inner-steps.</summary>
    public double BaseSteps(long outerUpdate)
    {
        long done = outerUpdate - FromUpdate;
        return RampUpdates <= 0 || done >= RampUpdates ? Last : First + ((Last - First) * done / RampUpdates);
    }

    /// <summary>Sum of the truncation lengths of the first outer-updates, before jitter, each at most <paramref name="longest"/>.</summary>
    public double TotalSteps(long outerUpdates, int longest = int.MaxValue)
    {
        double sum = 0;
        for (long update = 0; update < outerUpdates; update++) sum += Math.Min(BaseSteps(update), longest);
        return sum;
    }

    /// <summary>A ramp that goes on from where this one stands, and ends <paramref name="factor"/> times as late.</summary>
    /// <param name="outerUpdate">Where the new ramp begins, at the same k.</param>
    /// <param name="factor">Factor of the outer-update at which the ramp ends.</param>
    public TruncationSchedule Stretch(long outerUpdate, double factor)
    {
        double end = Math.Max((FromUpdate + RampUpdates) * factor, outerUpdate + 1);
        return new(BaseSteps(outerUpdate), Last, end - outerUpdate, outerUpdate);
    }

    /// <summary>Truncation length min(⌊base × jitter⌋, <paramref name="stepsLeft"/>), at least 1.</summary>
    /// <param name="baseSteps">Truncation length before jitter.</param>
    /// <param name="jitter">Random factor, uniform in 1 ± 0.2 in the paper.</param>
    /// <param name="stepsLeft">Inner-steps up to the horizon of the problem.</param>
    public static int Steps(double baseSteps, double jitter, int stepsLeft) =>
        (int)Math.Min(Math.Max(1, Math.Floor(baseSteps * jitter)), stepsLeft);

    /// <summary>Truncation length at an outer-update: <see cref="Steps(double, double, int)"/> of <see cref="BaseSteps"/>.</summary>
    public int Steps(long outerUpdate, double jitter, int stepsLeft) => Steps(BaseSteps(outerUpdate), jitter, stepsLeft);
}
