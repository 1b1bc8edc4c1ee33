namespace LoptCluster.Engine.Benchmarking;

internal static class Medians
{
    /// <summary>The upper one of an even number.</summary>
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
