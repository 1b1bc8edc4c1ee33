using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Coordinator.Operations;

/// <summary>Composes the history of a run from its file: the run loop is not asked.</summary>
internal static class HistoryComposer
{
    /// <summary>What happened at each outer-update from one on, oldest first.</summary>
    public static History Compose(RunReader reader, long fromUpdate)
    {
        var evaluations = reader.Evaluations().ToLookup(e => (e.ThetaVersion, e.IsAverage));
        var history = new History();
        history.Rows.AddRange(reader.History(fromUpdate).Select(
            h => Row(h, [.. evaluations[(h.OuterUpdate, false)]], [.. evaluations[(h.OuterUpdate, true)]])));
        return history;
    }

    /// <param name="entry">The outer-update.</param>
    /// <param name="evaluations">Of its θ.</param>
    /// <param name="averages">Of the average of θ up to it.</param>
    private static HistoryRow Row(HistoryEntry entry, StoredEvaluation[] evaluations, StoredEvaluation[] averages)
    {
        var row = new HistoryRow
        {
            OuterUpdate = entry.OuterUpdate,
            Seconds = entry.Seconds,
            EvaluationOuterTrain = Loss(evaluations, ClassSplit.OuterTrain),
            EvaluationOuterTest = Loss(evaluations, ClassSplit.OuterTest),
            AverageOuterTrain = Loss(averages, ClassSplit.OuterTrain),
            AverageOuterTest = Loss(averages, ClassSplit.OuterTest),
        };
        foreach (var (name, value) in entry.Figures.Values) row.Figures[name] = value;
        foreach (string kind in evaluations.SelectMany(e => e.ByKind).Select(k => k.Kind).Distinct())
        {
            row.EvaluationByKind[kind] = new SplitLosses
            {
                OuterTrain = Loss(evaluations, ClassSplit.OuterTrain, kind),
                OuterTest = Loss(evaluations, ClassSplit.OuterTest, kind),
            };
        }

        return row;
    }

    private static double Loss(IEnumerable<StoredEvaluation> evaluations, ClassSplit split) =>
        evaluations.Where(e => e.Split == split).Select(e => e.MeanLoss).FirstOrDefault(double.NaN);

    private static double Loss(IEnumerable<StoredEvaluation> evaluations, ClassSplit split, string kind) => evaluations
        .Where(e => e.Split == split).SelectMany(e => e.ByKind).Where(k => k.Kind == kind).Select(k => k.MeanLoss)
        .FirstOrDefault(double.NaN);
}
