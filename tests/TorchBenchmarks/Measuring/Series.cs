namespace LoptCluster.TorchBenchmarks.Measuring;

/// <summary>One value a round, in the order of the rounds.</summary>
internal sealed class Series(double[] values)
{
    private readonly double[] _sorted = [.. values.Order()];

    public double Median => Quantile(0.5);

    public double LowerQuartile => Quantile(0.25);

    public double UpperQuartile => Quantile(0.75);

    /// <summary>Round by round: what disturbs a whole round cancels.</summary>
    public Series Over(Series other) => new([.. values.Zip(other.Values, (a, b) => a / b)]);

    public Series Times(Series other) => new([.. values.Zip(other.Values, (a, b) => a * b)]);

    public Series Times(double factor) => new([.. values.Select(v => v * factor)]);

    private IReadOnlyList<double> Values => values;

    /// <summary>By linear interpolation between the two nearest.</summary>
    private double Quantile(double share)
    {
        double place = share * (_sorted.Length - 1);
        int below = (int)place, above = Math.Min(below + 1, _sorted.Length - 1);
        return _sorted[below] + ((place - below) * (_sorted[above] - _sorted[below]));
    }
}
