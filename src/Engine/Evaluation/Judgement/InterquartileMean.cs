namespace LoptCluster.Engine.Evaluation.Judgement;

/// <summary>
/// Interquartile mean: the mean of the values without the lowest and the highest quarter of them, each rounded down (Agarwal et al. 2021,
/// "Deep reinforcement learning at the edge of the statistical precipice").
/// </summary>
public static class InterquartileMean
{
    /// <summary>NaN for no values, or if one is NaN. Infinite values do not count where they are cut off.</summary>
    public static double Of(IEnumerable<double> values) => OfScratch([.. values]);

    /// <param name="values">Values, sorted by the call.</param>
    internal static double OfScratch(Span<double> values)
    {
        if (values.IsEmpty || values.ContainsNaN()) return double.NaN;
        values.Sort();
        int cut = values.Length / 4;
        double sum = 0;
        foreach (double value in values[cut..^cut]) sum += value;
        return sum / (values.Length - (2 * cut));
    }

    private static bool ContainsNaN(this Span<double> values)
    {
        foreach (double value in values)
        {
            if (double.IsNaN(value)) return true;
        }

        return false;
    }
}
