using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;

namespace LoptCluster.Coordinator.Web;

/// <summary>History and evaluations from the run's file, read as they grow and shared by all watchers.</summary>
/// <remarks>Thread-safe: one lock, held for the milliseconds that new rows take.</remarks>
internal sealed class RunRecord(RunReader reader, TimeProvider time)
{
    private const int RowsAtOnce = 10_000;
    private const int MostEvaluations = 400;
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(300);

    private readonly Lock _gate = new();
    private readonly ThinnedHistory _history = new();
    private readonly SortedDictionary<long, VersionLosses> _evaluations = [];
    private IReadOnlyList<KindLoss> _baselineByKind = [];
    private int _evaluationsRead;
    private DateTimeOffset _readAt;

    /// <summary>The rows after a watcher's mark, null where there are none; moves the mark to the newest.</summary>
    public (HistoryView? History, EvaluationsView? Evaluations) Since(ref RecordMark mark, long best)
    {
        lock (_gate)
        {
            Refresh();
            HistoryView? history = null;
            if (mark.Update < _history.Last) history = _history.View(mark.Stride == _history.Stride ? mark.Settled : 0);
            var evaluations = mark.Evaluations < _evaluationsRead ? Evaluations(best) : null;
            mark = new RecordMark(_history.Last, _history.Stride, _history.Settled, _evaluationsRead);
            return (history, evaluations);
        }
    }

    public HistoryView History()
    {
        lock (_gate)
        {
            Refresh();
            return _history.View(0);
        }
    }

    /// <summary>Evaluated versions, newest first.</summary>
    public ThetaListView Versions(long newest, long best, int offset, int limit)
    {
        lock (_gate)
        {
            Refresh();
            var versions = _evaluations.Reverse().Skip(offset).Take(limit).Select(
                e => new ThetaView(e.Key, e.Value.OuterTrain, e.Value.OuterTest, e.Key == best));
            return new ThetaListView(newest, best, _evaluations.Count, offset, [.. versions]);
        }
    }

    private void Refresh()
    {
        var now = time.GetUtcNow();
        if (now - _readAt < Freshness) return;
        _readAt = now;
        while (true)
        {
            var rows = reader.History(_history.Last + 1, RowsAtOnce);
            foreach (var row in rows) _history.Add(row);
            if (rows.Count < RowsAtOnce) break;
        }

        foreach (var e in reader.Evaluations(_evaluationsRead))
        {
            _evaluationsRead++;
            if (e.ThetaVersion is { } version) _evaluations[version] = (_evaluations.GetValueOrDefault(version) ?? new()).With(e);
            else if (e.Split == ClassSplit.OuterTest) _baselineByKind = e.ByKind;
        }
    }

    /// <summary>Every n-th of them when there are very many; the best and the newest always.</summary>
    private EvaluationsView Evaluations(long best)
    {
        int every = (_evaluations.Count / MostEvaluations) + 1;
        var shown = _evaluations.Where((e, i) => i % every == 0 || e.Key == best || i == _evaluations.Count - 1).ToList();
        var kinds = _evaluations.Values.SelectMany(e => e.OuterTestByKind).Concat(_baselineByKind).Select(k => k.Kind).Distinct();
        return new EvaluationsView(
            [.. shown.Select(e => e.Key)], [.. shown.Select(e => e.Value.OuterTrain)], [.. shown.Select(e => e.Value.OuterTest)],
            [.. shown.Select(e => e.Value.AverageOuterTest)],
            kinds.ToDictionary(
                kind => kind,
                kind => new KindEvaluationsView(
                    [.. shown.Select(e => LossOf(kind, e.Value.OuterTestByKind))], LossOf(kind, _baselineByKind))));
    }

    private static double LossOf(string kind, IEnumerable<KindLoss> losses) =>
        losses.FirstOrDefault(k => k.Kind == kind)?.MeanLoss ?? double.NaN;
}

/// <summary>How much of the record a watcher has seen.</summary>
internal readonly record struct RecordMark(long Update, int Stride, int Settled, int Evaluations);
