namespace LoptCluster.Coordinator.Store;

/// <summary>
/// SQLite stores NaN as NULL; the columns that may overflow (variances of g_rp) keep a number that says "beyond all bounds" instead.
/// </summary>
internal static class SqlNumbers
{
    public static double Huge(double value) => double.IsNegativeInfinity(value) ? double.MinValue : double.MaxValue;
}
