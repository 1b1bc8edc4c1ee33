using System.Runtime.Intrinsics;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>For which share p of the samples g_rp is worth its time.</summary>
/// <remarks>
/// With S samples, all of which have g_es (or another gradient of the losses) and pS of which have g_rp, the merged gradient (eq. 1) has
/// variance V_i(p) = 1 / (pS/σ²_rp,i + S/σ²_es,i), and a sample takes C(p) = c_es + p c_rp. Noise that is averaged away per second of work
/// is 1 / (V C), so p minimises mean_i ln V_i(p) + ln C(p): the logarithm makes the choice indifferent to the scale of each element, as the
/// outer Adam is. But for constants that is
/// <code>J(p) = ln(1 + p ρ) − mean_i ln(1 + p r_i),   ρ = c_rp / c_es,  r_i = σ²_es,i / σ²_rp,i,   p_min ≤ p ≤ 1</code>
/// J′(p) = 0 says: g_rp gets the same share of the time that it has of the merge, mean_i p r_i / (1 + p r_i) = pρ / (1 + pρ). With one
/// ratio r for all elements p is 1 or p_min, as r is above ρ or below it. The paper computes g_rp for every sample (p = 1).
/// <para>
/// What is smoothed over updates is the logarithm of the variance itself, at each p of a grid. Where truncations are long, σ²_rp jumps by
/// many orders of magnitude from batch to batch (Fig. 4): one sample that explodes spoils a whole batch's g_rp. If that happens to a part 1
/// − f of the batches, and g_rp is precise in the others, J = ln(1 + pρ) − f ln p, and p = f / (ρ (1 − f)); an average of variances would
/// only see the explosions, one of ln r would hang on how large "infinite" is.
/// </para>
/// </remarks>
public static class RpShareChooser
{
    /// <summary>
    /// Grid of p, evenly spaced in the logarithm from 1 to p_min: 2.3 % apart where p_min is a quarter. J is flat at its minimum.
    /// </summary>
    public const int Intervals = 60;

    /// <summary>
    /// A ratio of variances above this says no more: g_es counts for nothing. It keeps products of <see cref="FactorsPerLogarithm"/>
    /// factors finite.
    /// </summary>
    private const double MostRatio = 1e9;

    private const int FactorsPerLogarithm = 32;

    /// <summary>A pure step: from the variances and times of a batch, the share for the next θ and the new state.</summary>
    public static (double Share, RpShareState State) Step(
        MergedGradient merged, IReadOnlyList<GradientSample> samples, RpShareState state, RpShareOptions options)
    {
        double[] rp = merged[EstimatorId.Rp].Statistics.Variance;
        double[] es = merged.Estimators.Single(e => e.Statistics.Estimator != EstimatorId.Rp).Statistics.Variance;
        double[] ratio = new double[rp.Length], gain = new double[Intervals + 1];
        for (int i = 0; i < ratio.Length; i++) ratio[i] = Ratio(es[i], rp[i]);
        long updates = state.Updates + 1;
        // The plain mean of the first updates, until the exponential average has that long a memory.
        double take = Math.Max(1 - options.Keep, 1.0 / updates);
        for (int point = 0; point <= Intervals; point++)
        {
            double now = Gain(ratio, ShareAt(point, options.LeastShare));
            gain[point] = state.Gain.IsEmpty ? now : ((1 - take) * state.Gain[point]) + (take * now);
        }

        var cost = state.Cost.With(samples, options.Keep);
        double costRatio = options.CostRatio ?? cost.Ratio;
        if (double.IsNaN(costRatio)) costRatio = RpShareOptions.TypicalCostRatio;
        return (Best(gain, costRatio, options.LeastShare), new RpShareState(updates, [.. gain], cost));
    }

    /// <summary>p of the least J on the grid; of equal ones the greatest.</summary>
    /// <param name="gain">mean_i ln(1 + p r_i) at each point.</param>
    /// <param name="costRatio">ρ ≥ 0.</param>
    /// <param name="least">p_min, in (0, 1].</param>
    public static double Best(ReadOnlySpan<double> gain, double costRatio, double least)
    {
        int best = 0;
        double lowest = double.PositiveInfinity;
        for (int point = 0; point <= Intervals; point++)
        {
            double value = Log(1 + (ShareAt(point, least) * costRatio)) - gain[point];
            // A difference in the last bits is none: where p does not matter it stays the paper's.
            if (value < lowest - 1e-12) (best, lowest) = (point, value);
        }

        return ShareAt(best, least);
    }

    /// <summary>p of a point of the grid.</summary>
    public static double ShareAt(int point, double least) => point switch
    {
        0 => 1,
        Intervals => least,
        _ => DoubleMath.Exp(point * Log(least) / Intervals),
    };

    /// <summary>mean_i ln(1 + p r_i): by how much g_rp of a share p of the samples lowers ln V.</summary>
    public static double Gain(ReadOnlySpan<double> ratio, double share)
    {
        double sum = 0, product = 1;
        for (int i = 0; i < ratio.Length; i++)
        {
            product *= 1 + (share * ratio[i]);
            if ((i + 1) % FactorsPerLogarithm != 0 && i + 1 < ratio.Length) continue;
            sum += Log(product);
            product = 1;
        }

        return sum / ratio.Length;
    }

    /// <summary>r. Fewer than two g_rp that are finite, or a variance that overflowed: g_rp has no weight.</summary>
    private static double Ratio(double es, double rp) =>
        double.IsFinite(rp) ? Math.Min(MostRatio, double.IsFinite(es) ? es / rp : MostRatio) : 0;

    /// <summary>The managed logarithm: the same bits on every machine.</summary>
    private static double Log(double x) => Vector128.Log(Vector128.CreateScalar(x)).ToScalar();
}
