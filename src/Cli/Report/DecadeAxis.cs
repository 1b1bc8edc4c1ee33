using OxyPlot.Axes;

namespace LoptCluster.Cli.Report;

/// <summary>A logarithmic axis with further ticks where it has few powers of ten, and fewer where it has many.</summary>
internal sealed class DecadeAxis : LogarithmicAxis
{
    private const int FewestTicks = 4, MostTicks = 10;

    /// <summary>Multiples of each power of ten, from few ticks to many.</summary>
    private static readonly double[][] Multiples =
        [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9], [.. Enumerable.Range(10, 90).Select(i => i / 10.0)]];

    public DecadeAxis()
    {
        UseSuperExponentialFormat = false;
        PowerPadding = false;
    }

    public override void GetTickValues(
        out IList<double> majorLabelValues, out IList<double> majorTickValues, out IList<double> minorTickValues)
    {
        var ticks = Multiples.Select(Ticks).FirstOrDefault(t => t.Count >= FewestTicks) ?? Ticks(Multiples[^1]);
        int every = ((ticks.Count - 1) / MostTicks) + 1;
        majorLabelValues = majorTickValues = [.. ticks.Where((_, i) => i % every == 0)];
        minorTickValues = [];
    }

    private List<double> Ticks(double[] multiples)
    {
        int first = (int)Math.Floor(Math.Log10(ActualMinimum)), last = (int)Math.Ceiling(Math.Log10(ActualMaximum));
        return
        [
            .. Enumerable.Range(first, last - first + 1)
                .SelectMany(decade => multiples.Select(m => m * Math.Pow(10, decade)))
                .Where(tick => tick >= ActualMinimum && tick <= ActualMaximum),
        ];
    }
}
