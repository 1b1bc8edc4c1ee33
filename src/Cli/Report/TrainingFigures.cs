using LoptCluster.Protocol.V1;

namespace LoptCluster.Cli.Report;

/// <summary>Outer-training in a few numbers; NaN without any update.</summary>
internal sealed record TrainingFigures(
    double FirstOuterLoss, double LastOuterLoss, double FirstWeightEs, double LastWeightEs, double MaxVarianceRp, double MaxVarianceEs,
    double FirstRpShare, double LastRpShare)
{
    /// <summary>Figures of a history. "First" and "last" are means over the first and the last tenth of the updates.</summary>
    public static TrainingFigures Of(IReadOnlyList<HistoryRow> history)
    {
        if (history.Count == 0) return new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        int tenth = Math.Max(1, history.Count / 10);
        var first = history.Take(tenth).ToArray();
        var last = history.Skip(history.Count - tenth).ToArray();
        return new(
            first.Average(h => h.OuterLoss),
            last.Average(h => h.OuterLoss),
            first.Average(h => h.WeightEs),
            last.Average(h => h.WeightEs),
            history.Max(h => h.VarianceRp),
            history.Max(h => h.VarianceEs),
            first.Average(h => h.RpShare),
            last.Average(h => h.RpShare));
    }
}
