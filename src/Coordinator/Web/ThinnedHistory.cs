using LoptCluster.Coordinator.Store;

namespace LoptCluster.Coordinator.Web;

/// <summary>A run's history in a bounded number of points, however long it is: when there are too many, neighbours become one and each point covers twice as much.</summary>
/// <remarks>Not thread-safe; <see cref="RunRecord"/> guards it.</remarks>
internal sealed class ThinnedHistory(int mostPoints = ThinnedHistory.MostPoints)
{
    /// <summary>About as many as a wide screen has pixels.</summary>
    public const int MostPoints = 1600;

    private readonly List<HistoryBucket> _points = [];

    /// <summary>Outer-updates that a point covers.</summary>
    public int Stride { get; private set; } = 1;

    /// <summary>Newest outer-update.</summary>
    public long Last { get; private set; }

    /// <summary>Points that no later update changes.</summary>
    public int Settled => _points.Count > 0 && _points[^1].Count < Stride ? _points.Count - 1 : _points.Count;

    /// <param name="entry">The one right after <see cref="Last"/>.</param>
    public void Add(HistoryEntry entry)
    {
        Last = entry.OuterUpdate;
        var point = HistoryBucket.Of(entry);
        if (Settled < _points.Count) _points[^1] = _points[^1].With(point);
        else _points.Add(point);
        if (_points.Count > mostPoints) Halve();
    }

    /// <summary>The points from number <paramref name="from"/> on, in columns.</summary>
    public HistoryView View(int from)
    {
        var points = _points.Skip(from).ToList();
        double[] Mean(Func<HistoryBucket, double> sum) => [.. points.Select(p => sum(p) / p.Count)];
        double[] Each(Func<HistoryBucket, double> value) => [.. points.Select(value)];
        return new HistoryView(
            Stride, from, [.. points.Select(p => p.LastUpdate)], Each(p => p.LastSeconds), Mean(p => p.LossSum), Each(p => p.LossLow), Each(p => p.LossHigh),
            Mean(p => p.StepsSum), Mean(p => p.WeightEsSum), Each(p => Math.Exp(p.LogVarianceRpSum / p.Count)), Each(p => Math.Exp(p.LogVarianceEsSum / p.Count)),
            Mean(p => p.GradientNormSum), Mean(p => p.SampleAgeSum), [.. points.Select(p => p.RpInvalid)], Each(p => (double)p.RpComputed / p.Samples));
    }

    private void Halve()
    {
        var pairs = _points.Chunk(2).Select(pair => pair.Length == 2 ? pair[0].With(pair[1]) : pair[0]).ToList();
        _points.Clear();
        _points.AddRange(pairs);
        Stride *= 2;
    }
}

/// <summary>Points of the history, a column each, oldest first. A point says the last update that it covers.</summary>
/// <param name="Stride">Updates that a point covers.</param>
/// <param name="From">Number of the first point; those before it have not changed since they were sent.</param>
internal sealed record HistoryView(
    int Stride, int From, long[] Update, double[] Seconds, double[] OuterLoss, double[] OuterLossLow, double[] OuterLossHigh, double[] TruncationSteps,
    double[] WeightEs, double[] VarianceRp, double[] VarianceEs, double[] GradientNorm, double[] SampleAge, long[] RpInvalid, double[] RpShare);
