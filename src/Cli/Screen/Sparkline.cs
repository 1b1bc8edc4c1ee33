namespace LoptCluster.Cli.Screen;

/// <summary>Curves drawn in one line of text.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const string Plain = "_.-~=+*#";

    /// <summary>
    /// All <paramref name="values"/> in at most <paramref name="width"/> characters. Each character is the mean of an equal part, scaled
    /// between the least and the greatest of these means. Values that are not finite are omitted.
    /// </summary>
    public static string Of(IReadOnlyList<double> values, int width, bool unicode = true)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        int columns = Math.Min(width, finite.Length);
        if (columns <= 0) return "";
        double[] means = [.. Enumerable.Range(0, columns).Select(column => MeanOfShare(finite, column, columns))];
        double low = means.Min(), high = means.Max();
        string ramp = unicode ? Blocks : Plain;
        return string.Concat(means.Select(mean => ramp[high > low ? (int)Math.Round((mean - low) / (high - low) * (ramp.Length - 1)) : 0]));
    }

    private static double MeanOfShare(double[] values, int column, int columns)
    {
        int from = (int)((long)column * values.Length / columns), to = (int)((long)(column + 1) * values.Length / columns);
        return values.AsSpan(from, to - from).ToArray().Average();
    }
}
