using System.Globalization;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>What a run found, in a few sentences; also when θ lost.</summary>
internal static class Findings
{
    public static string InWords(ReportData data)
    {
        var comparison = data.Comparison;
        var adam = comparison.Against(Baseline.Adam.Name);
        string loss = comparison.Objective == OuterObjective.Valid ? "validation" : "training";
        string verdict = (adam.ShareWon, adam.MedianImprovement) switch
        {
            ( >= 0.95, > 0) => "θ beats",
            ( > 0.5, > 0) => "θ mostly beats",
            ( < 0.05, _) => "θ loses to",
            _ => "θ does not reliably beat",
        };
        string first = string.Create(
            CultureInfo.InvariantCulture,
            $"{verdict} Adam with the best of {Baseline.LearningRates.Length} learning rates per task: over {data.Specification.InnerSteps:N0} inner-steps its mean {loss} loss is lower on {adam.ShareWon:P0} of {comparison.Tasks} held-out tasks; on the median one it is {Math.Abs(adam.MedianImprovement):P1} {(adam.MedianImprovement >= 0 ? "lower" : "higher")}.");
        var t = TrainingFigures.Of(data.History);
        if (!double.IsFinite(t.LastOuterLoss)) return first;
        string trend = t.LastOuterLoss < t.FirstOuterLoss ? "fell" : "rose";
        string second = string.Create(
            CultureInfo.InvariantCulture,
            $" The outer-loss {trend} from {t.FirstOuterLoss:F3} to {t.LastOuterLoss:F3} over {data.History[^1].OuterUpdate:N0} outer-updates; g_es had {t.FirstWeightEs:P0} of the merged gradient at first and {t.LastWeightEs:P0} at the end.");
        if (data.Specification.RpShare == RpSharePolicy.All) return first + second;
        return first + second + string.Create(
            CultureInfo.InvariantCulture, $" g_rp was computed for {t.FirstRpShare:P0} of the samples at first and for {t.LastRpShare:P0} at the end.");
    }
}
