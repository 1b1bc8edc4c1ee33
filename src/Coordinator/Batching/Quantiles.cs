namespace LoptCluster.Coordinator.Batching;

/// <summary>Where the values of a vector lie: the tenth, the middle and the ninetieth in a hundred (nearest rank).</summary>
internal readonly record struct Quantiles(double Low, double Median, double High)
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
