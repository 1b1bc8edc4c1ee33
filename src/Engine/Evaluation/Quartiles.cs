namespace LoptCluster.Engine.Evaluation;

/// <summary>Median and quartiles over tasks.</summary>
public readonly record struct Quartiles(double Lower, double Median, double Upper)
{
    /// <summary>By linear interpolation between the sorted values.</summary>
    public static Quartiles Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        if (sorted.Length == 0) return new Quartiles(double.NaN, double.NaN, double.NaN);
        Array.Sort(sorted);
        return new Quartiles(At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75));
    }

    /// <summary>Quantile at a share of the sorted values, by linear interpolation.</summary>
    internal static double At(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        // The value above does not count where the position is whole: it may be infinite.
        return position > below ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
