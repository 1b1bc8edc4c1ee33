namespace LoptCluster.Engine.Benchmarking;

internal static class Medians
{
    /// <summary>Median of the values; the upper of the two middle ones if their number is even.</summary>
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
