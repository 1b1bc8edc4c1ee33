using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>Time that samples took with and without g_rp, seconds and inner-steps of a slot; older batches count less.</summary>
/// <param name="SecondsWith">Of samples with g_rp, all in all.</param>
/// <param name="ReverseSeconds">The part of it that their reverse sweeps took.</param>
/// <param name="StepsWith">Their inner-steps.</param>
/// <param name="SecondsWithout">Of samples without g_rp.</param>
/// <param name="StepsWithout">Their inner-steps.</param>
public readonly record struct RpCost(
    double SecondsWith, double ReverseSeconds, double StepsWith, double SecondsWithout, double StepsWithout)
{
    /// <summary>With less of the inner-steps than this without g_rp, the sweeps' own clock is the better witness.</summary>
    private const double EnoughWithout = 0.05;

    /// <summary>
    /// c_rp / c_es, per inner-step because k moves. What g_rp costs is the difference between samples with and without it, taping included;
    /// where (nearly) all have it, the time of their reverse sweeps, which leaves the taping out. NaN: nothing was timed.
    /// </summary>
    public double Ratio
    {
        get
        {
            bool compares = StepsWithout > EnoughWithout * (StepsWith + StepsWithout);
            double without = compares ? SecondsWithout / StepsWithout : (SecondsWith - ReverseSeconds) / StepsWith;
            double extra = (SecondsWith / StepsWith) - without;
            return without > 0 && double.IsFinite(extra) ? Math.Max(0, extra) / without : double.NaN;
        }
    }

    /// <summary>Reads what <see cref="ToArray"/> wrote.</summary>
    public static RpCost Of(ReadOnlySpan<double> values) => new(values[0], values[1], values[2], values[3], values[4]);

    public double[] ToArray() => [SecondsWith, ReverseSeconds, StepsWith, SecondsWithout, StepsWithout];

    public RpCost With(IEnumerable<GradientSample> samples, double keep)
    {
        double secondsWith = keep * SecondsWith, reverse = keep * ReverseSeconds, stepsWith = keep * StepsWith;
        double secondsWithout = keep * SecondsWithout, stepsWithout = keep * StepsWithout;
        foreach (var sample in samples)
        {
            if (!sample.Gradients.IsEmpty)
            {
                secondsWith += sample.Elapsed.TotalSeconds;
                reverse += sample.Gradients.Sum(g => g.Elapsed.TotalSeconds);
                stepsWith += sample.Steps;
            }
            else
            {
                secondsWithout += sample.Elapsed.TotalSeconds;
                stepsWithout += sample.Steps;
            }
        }

        return new RpCost(secondsWith, reverse, stepsWith, secondsWithout, stepsWithout);
    }
}
