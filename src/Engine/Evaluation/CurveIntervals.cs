using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>Intervals of inner-steps whose mean losses are the points of a learning curve.</summary>
/// <param name="EverySteps">Inner-steps of an interval; a last, shorter one counts too.</param>
/// <param name="Shares">
/// Where the horizons of a mixture differ: number of intervals, each the same share of a task's horizon. Otherwise 0.
/// </param>
public sealed record CurveIntervals(int EverySteps, int Shares = 0)
{
    public static CurveIntervals Of(RunSpecification run)
    {
        int shortest = run.ShortestInnerSteps(), longest = run.LongestInnerSteps();
        return shortest == longest
            ? new(run.CurveEverySteps)
            : new(run.CurveEverySteps, Math.Clamp(longest / run.CurveEverySteps, 1, shortest));
    }

    public bool AreShares => Shares > 0;

    /// <summary>Number of intervals of T steps.</summary>
    public int Count(int steps) => AreShares ? Shares : (steps + EverySteps - 1) / EverySteps;

    /// <summary>Number of steps up to the end of an interval.</summary>
    public int End(int interval, int steps) =>
        AreShares ? (int)((interval + 1L) * steps / Shares) : (int)Math.Min(steps, (interval + 1L) * EverySteps);

    /// <summary>Middle of an interval on the axis of a plot: in inner-steps, or as a share of the horizon.</summary>
    public double Middle(int interval) => AreShares ? (interval + 0.5) / Shares : (interval + 0.5) * EverySteps;
}
