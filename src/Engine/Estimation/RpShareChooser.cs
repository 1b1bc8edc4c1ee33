using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics;
using LoptCluster.Shared.Samples;

namespace LoptCluster.Engine.Estimation;

/// <summary>For which share p of the samples g_rp is worth its time.</summary>
/// <remarks>
/// With S samples, all of which have g_es and pS of which have g_rp, the merged gradient (eq. 1) has variance V_i(p) = 1 / (pS/σ²_rp,i + S/σ²_es,i), and a sample takes
/// C(p) = c_es + p c_rp. Noise that is averaged away per second of work is 1 / (V C), so p minimises mean_i ln V_i(p) + ln C(p): the logarithm makes the choice indifferent to the
/// scale of each element, as the outer Adam is. But for constants that is
/// <code>J(p) = ln(1 + p ρ) − mean_i ln(1 + p r_i),   ρ = c_rp / c_es,  r_i = σ²_es,i / σ²_rp,i,   p_min ≤ p ≤ 1</code>
/// J′(p) = 0 says: g_rp gets the same share of the time that it has of the merge, mean_i p r_i / (1 + p r_i) = pρ / (1 + pρ). With one ratio r for all elements
/// p is 1 or p_min, as r is above ρ or below it. The paper computes g_rp for every sample (p = 1).
/// </remarks>
public static class RpShareChooser
{
    /// <summary>A ratio of variances beyond e^±14 (a million) says no more than that one estimator counts for nothing; so does a variance that is not finite.</summary>
    private const double MostLogRatio = 14;

    /// <summary>J may have more than one minimum, so it is looked at everywhere first: the points are 8 % apart where p_min is 1 %.</summary>
    private const int Points = 60;

    private const int Refinements = 40;

    /// <summary>Logarithms are taken of products of so many factors, each at most e^14 + 1: no overflow.</summary>
    private const int FactorsPerLogarithm = 32;

    /// <summary>A batch says something about variances and times: the share for the next θ, and the new state. Pure.</summary>
    public static (double Share, RpShareState State) Step(
        MergedGradient merged, IReadOnlyList<GradientSample> samples, RpShareState state, RpShareOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(merged.VarianceRp.Length, state.LogRatio.Length);
        long updates = state.Updates + 1;
        // The plain mean of the first updates, until the exponential average has that long a memory.
        double take = Math.Max(1 - options.Keep, 1.0 / updates);
        double[] logRatio = new double[state.LogRatio.Length], ratio = new double[logRatio.Length];
        for (int i = 0; i < logRatio.Length; i++)
        {
            logRatio[i] = ((1 - take) * state.LogRatio[i]) + (take * LogRatio(merged.VarianceEs[i], merged.VarianceRp[i]));
            ratio[i] = DoubleMath.Exp(logRatio[i]);
        }

        var cost = state.Cost.With(samples, options.Keep);
        double costRatio = options.CostRatio ?? cost.Ratio;
        if (double.IsNaN(costRatio)) costRatio = RpShareOptions.TypicalCostRatio;
        return (Best(ratio, costRatio, options.LeastShare), new RpShareState(updates, logRatio, cost));
    }

    /// <summary>p of the least J; of equal ones the greatest.</summary>
    /// <param name="ratio">r_i ≥ 0, at least one.</param>
    /// <param name="costRatio">ρ ≥ 0.</param>
    /// <param name="least">p_min, in (0, 1].</param>
    public static double Best(ReadOnlySpan<double> ratio, double costRatio, double least)
    {
        if (least >= 1) return 1;
        double step = Log(1 / least) / Points;
        double At(int point) => point <= 0 ? 1 : point >= Points ? least : DoubleMath.Exp(-point * step);
        int best = 0;
        double lowest = Objective(ratio, costRatio, 1);
        for (int point = 1; point <= Points; point++)
        {
            double value = Objective(ratio, costRatio, At(point));
            // A difference in the last bits is none: where p does not matter it stays the paper's.
            if (value < lowest - 1e-12) (best, lowest) = (point, value);
        }

        return best is 0 or Points ? At(best) : Refine(ratio, costRatio, At(best + 1), At(best - 1));
    }

    /// <summary>J(p).</summary>
    public static double Objective(ReadOnlySpan<double> ratio, double costRatio, double share)
    {
        double sum = 0, product = 1;
        for (int i = 0; i < ratio.Length; i++)
        {
            product *= 1 + (share * ratio[i]);
            if ((i + 1) % FactorsPerLogarithm != 0 && i + 1 < ratio.Length) continue;
            sum += Log(product);
            product = 1;
        }

        return Log(1 + (share * costRatio)) - (sum / ratio.Length);
    }

    /// <summary>Thirds, between the two neighbours of the lowest point.</summary>
    private static double Refine(ReadOnlySpan<double> ratio, double costRatio, double low, double high)
    {
        for (int i = 0; i < Refinements; i++)
        {
            double third = (high - low) / 3;
            if (Objective(ratio, costRatio, low + third) < Objective(ratio, costRatio, high - third)) high -= third;
            else low += third;
        }

        return (low + high) / 2;
    }

    private static double LogRatio(double es, double rp)
    {
        // Fewer than two g_rp that are finite, or a variance that overflowed: g_rp has no weight.
        if (!double.IsFinite(rp)) return -MostLogRatio;
        if (!double.IsFinite(es)) return MostLogRatio;
        return Math.Clamp(Log(es) - Log(rp), -MostLogRatio, MostLogRatio);
    }

    /// <summary>The managed logarithm: the same bits on every machine.</summary>
    private static double Log(double x) => Vector128.Log(Vector128.CreateScalar(x)).ToScalar();
}
