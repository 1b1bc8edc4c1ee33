namespace LoptCluster.Engine.OuterTraining;

/// <summary>The tenth, fiftieth and ninetieth percentile of the values of a vector (nearest rank).</summary>
public readonly record struct Quantiles(double Low, double Median, double High)
{
    public const double LowShare = 0.1;
    public const double MedianShare = 0.5;
    public const double HighShare = 0.9;

    /// <param name="values">At least one; not changed.</param>
    public static Quantiles Of(double[] values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        double At(double share) => sorted[(int)(share * (sorted.Length - 1) + 0.5)];
        return new Quantiles(At(LowShare), At(MedianShare), At(HighShare));
    }
}
