using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.Optimizers.Baselines;

/// <summary>Schedules of the learning rate over T inner-steps: its factor at inner-step t, from 0.</summary>
internal static class Warmup
{
    /// <summary>W: steps of warm-up, the share of T rounded to a whole number; a share outside 0 to 1 counts as the nearer limit.</summary>
    public static long Steps(double share, long innerSteps) => (long)Math.Round(Math.Clamp(share, 0, 1) * innerSteps);

    /// <summary>
    /// Linear warm-up from 0, t / W for t &lt; W, then half a cosine to 0 at T: ½ (1 + cos π (t − W) / (T − W)).
    /// </summary>
    /// <remarks>
    /// As in AlgoPerf (jax_cosine_warmup) and Transformers (get_cosine_schedule_with_warmup): with a warm-up, the rate of step 0 is 0.
    /// </remarks>
    public static double ThenCosine(double share, long t, long innerSteps)
    {
        long steps = Steps(share, innerSteps);
        if (t < steps) return t / (double)steps;
        double after = (t - steps) / (double)Math.Max(1, innerSteps - steps);
        return 0.5 * (1 + DoubleMath.CosPi(Math.Min(1, after)));
    }

    /// <summary>Linear warm-up to 1 at step W − 1, (t + 1) / W, and the share of this step's square in the sum of all so far.</summary>
    /// <remarks>As in Schedule-Free AdamW: the sum of squares is Σ n² / W² over the warm-up, and grows by 1 a step after it.</remarks>
    public static (double Factor, double Weight) ThenConstant(double share, long t, long innerSteps)
    {
        double steps = Steps(share, innerSteps), n = t + 1;
        if (n <= steps) return (n / steps, 6 * n / ((n + 1) * ((2 * n) + 1)));
        double warm = steps == 0 ? 0 : (steps + 1) * ((2 * steps) + 1) / (6 * steps);
        return (1, 1 / (warm + n - steps));
    }
}
