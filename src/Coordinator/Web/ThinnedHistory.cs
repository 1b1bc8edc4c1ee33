using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Coordinator.Web;

/// <summary>
/// A run's history in a bounded number of points, however long it is: when there are too many, neighbours become one and each point covers
/// twice as much.
/// </summary>
/// <remarks>Not thread-safe; <see cref="RunRecord"/> guards it.</remarks>
internal sealed class ThinnedHistory(int mostPoints = ThinnedHistory.MostPoints)
{
    /// <summary>About as many as a wide screen has pixels.</summary>
    public const int MostPoints = 1600;

    private readonly List<HistoryBucket> _points = [];

    /// <summary>Names of the figures that some update had.</summary>
    private readonly SortedSet<string> _figures = new(StringComparer.Ordinal);

    /// <summary>Outer-updates that a point covers.</summary>
    public int Stride { get; private set; } = 1;

    /// <summary>Number of the newest outer-update.</summary>
    public long Last { get; private set; }

    /// <summary>Points that no later update changes.</summary>
    public int Settled => _points.Count > 0 && _points[^1].Count < Stride ? _points.Count - 1 : _points.Count;

    /// <param name="entry">The one right after <see cref="Last"/>.</param>
    public void Add(HistoryEntry entry)
    {
        Last = entry.OuterUpdate;
        _figures.UnionWith(entry.Figures.Values.Keys);
        var point = HistoryBucket.Of(entry);
        if (Settled < _points.Count) _points[^1] = _points[^1].With(point);
        else _points.Add(point);
        if (_points.Count > mostPoints) Halve();
    }

    /// <summary>The points from number <paramref name="from"/> on, in columns.</summary>
    public HistoryView View(int from)
    {
        var points = _points.Skip(from).ToList();
        var columns = new Dictionary<string, double[]>();
        foreach (string name in _figures)
        {
            double[] Each(Func<FigureMean, double> value) =>
                [.. points.Select(p => p.Figures.TryGetValue(name, out var mean) ? value(mean) : double.NaN)];
            columns[name] = Each(mean => mean.At(HistoryBucket.KindOf(name)));
            if (UpdateFigureTable.Find(name) is not { HasRange: true }) continue;
            columns[$"{name}.low"] = Each(mean => mean.Low);
            columns[$"{name}.high"] = Each(mean => mean.High);
        }

        return new HistoryView(Stride, from, [.. points.Select(p => p.LastUpdate)], [.. points.Select(p => p.LastSeconds)], columns);
    }

    private void Halve()
    {
        var pairs = _points.Chunk(2).Select(pair => pair.Length == 2 ? pair[0].With(pair[1]) : pair[0]).ToList();
        _points.Clear();
        _points.AddRange(pairs);
        Stride *= 2;
    }
}
