namespace LoptCluster.Cli.Screen;

/// <summary>Curves drawn in one line of text.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const string Plain = "_.-~=+*#";

    /// <summary>
    /// All <paramref name="values"/> in at most <paramref name="width"/> characters, each of them the mean of an equal part. The scale is
    /// logarithmic if all values are positive. It reaches up to the greatest of the later three quarters, so that a steep beginning leaves
    /// the rest its shape: what is higher is full. Values that are not finite are omitted.
    /// </summary>
    public static string Of(IReadOnlyList<double> values, int width, bool unicode = true)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        int columns = Math.Min(width, finite.Length);
        if (columns <= 0) return "";
        double[] means = [.. Enumerable.Range(0, columns).Select(column => MeanOfShare(finite, column, columns))];
        if (finite.All(value => value > 0)) means = [.. means.Select(mean => Math.Log(mean))];
        double low = means.Min(), high = means[(columns / 4)..].Max();
        string ramp = unicode ? Blocks : Plain;
        return string.Concat(means.Select(mean => ramp[(int)Math.Round(Height(mean) * (ramp.Length - 1))]));

        double Height(double mean) => high > low ? Math.Min(1, (mean - low) / (high - low)) : 0;
    }

    private static double MeanOfShare(double[] values, int column, int columns)
    {
        int from = (int)((long)column * values.Length / columns), to = (int)((long)(column + 1) * values.Length / columns);
        return values.AsSpan(from, to - from).ToArray().Average();
    }
}
