using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Coordinator.Web;

/// <summary>Neighbouring outer-updates as one point of a plot.</summary>
/// <param name="Count">Updates that it covers.</param>
/// <param name="LastUpdate">The newest of them.</param>
/// <param name="LastSeconds">Training time at its end.</param>
/// <param name="Figures">By name; not modified afterwards.</param>
internal sealed record HistoryBucket(int Count, long LastUpdate, double LastSeconds, IReadOnlyDictionary<string, FigureMean> Figures)
{
    public static HistoryBucket Of(HistoryEntry entry) => new(
        1, entry.OuterUpdate, entry.Seconds, entry.Figures.Values.ToDictionary(v => v.Key, v => FigureMean.Of(KindOf(v.Key), v.Value)));

    public static FigureKind KindOf(string figure) => UpdateFigureTable.Find(figure)?.Kind ?? FigureKind.Quantity;

    /// <summary>This one and the one right after it.</summary>
    public HistoryBucket With(HistoryBucket next)
    {
        var figures = new Dictionary<string, FigureMean>(Figures);
        foreach (var (name, mean) in next.Figures) figures[name] = figures.TryGetValue(name, out var earlier) ? earlier.With(mean) : mean;
        return new HistoryBucket(Count + next.Count, next.LastUpdate, next.LastSeconds, figures);
    }
}
