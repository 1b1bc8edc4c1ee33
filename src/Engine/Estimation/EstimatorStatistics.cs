namespace LoptCluster.Engine.Estimation;

/// <summary>Mean and unbiased variance of one estimator over a batch, per element, with reliability weights. Two passes, in double.</summary>
internal sealed class EstimatorStatistics(int thetaLength)
{
    private readonly List<(ReadOnlyMemory<float> Gradient, double Weight)> _samples = [];

    public int Count => _samples.Count;

    public double[] Mean { get; } = new double[thetaLength];

    /// <summary>Of one sample; +∞ with fewer than two.</summary>
    public double[] Variance { get; } = new double[thetaLength];

    /// <summary>Variance of the mean over variance of a sample: Σw² / (Σw)², 1/n for equal weights; 1 without samples.</summary>
    public double MeanShare { get; private set; } = 1;

    public void Add(ReadOnlyMemory<float> gradient, double weight)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, thetaLength);
        _samples.Add((gradient, weight));
    }

    public void Finish()
    {
        double sum = 0, sumSquares = 0;
        foreach (var (_, w) in _samples)
        {
            sum += w;
            sumSquares += w * w;
        }

        if (Count > 0) MeanShare = sumSquares / (sum * sum);
        foreach (var (gradient, w) in _samples)
        {
            var g = gradient.Span;
            for (int i = 0; i < g.Length; i++) Mean[i] += w * g[i];
        }

        for (int i = 0; i < thetaLength && Count > 0; i++) Mean[i] /= sum;
        if (Count < 2)
        {
            Array.Fill(Variance, double.PositiveInfinity);
            return;
        }

        foreach (var (gradient, w) in _samples)
        {
            var g = gradient.Span;
            for (int i = 0; i < g.Length; i++) Variance[i] += w * (g[i] - Mean[i]) * (g[i] - Mean[i]);
        }

        double freedom = sum - (sumSquares / sum);
        for (int i = 0; i < thetaLength; i++) Variance[i] = (Variance[i] / freedom) + GradientMerger.VarianceFloor;
    }
}
