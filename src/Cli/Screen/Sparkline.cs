namespace LoptCluster.Cli.Screen;

/// <summary>Curves drawn in one line of text.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const double Decades = 3;
    private const string Plain = "_.-~=+*#";

    /// <summary>
    /// All <paramref name="values"/> in at most <paramref name="width"/> characters, each of them the mean of an equal part. If all values
    /// are positive, the scale is logarithmic and begins at most three decades above the least, so that a huge first loss leaves the rest
    /// its shape: what is higher is full. Values that are not finite are omitted.
    /// </summary>
    public static string Of(IReadOnlyList<double> values, int width, bool unicode = true)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        int columns = Math.Min(width, finite.Length);
        if (columns <= 0) return "";
        double[] means = [.. Enumerable.Range(0, columns).Select(column => MeanOfShare(finite, column, columns))];
        bool isLogarithmic = finite.All(value => value > 0);
        if (isLogarithmic) means = [.. means.Select(mean => Math.Log10(mean))];
        double low = means.Min(), high = isLogarithmic ? Math.Min(means.Max(), low + Decades) : means.Max();
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
