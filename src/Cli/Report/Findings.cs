using System.Globalization;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>The outcome of a run in a few sentences, whether θ wins or loses.</summary>
internal static class Findings
{
    public static string InWords(ReportData data) =>
        OfComparison(data.Comparison, data.Specification.InnerSteps)
        + (data.Training is { } training ? OfTraining(training, data.Specification.RpShare) : "");

    private static string OfComparison(Comparison comparison, int innerSteps)
    {
        var adam = comparison.Against(Baseline.Adam.Name);
        string verdict = (adam.ShareWon, adam.MedianImprovement) switch
        {
            ( >= 0.95, > 0) => "θ beats",
            ( > 0.5, > 0) => "θ mostly beats",
            ( < 0.05, _) => "θ loses to",
            _ => "θ does not reliably beat",
        };
        string direction = adam.MedianImprovement >= 0 ? "lower" : "higher";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{verdict} Adam with the best of {Baseline.LearningRates.Length} learning rates per task: over {innerSteps:N0} inner-steps "
            + $"its mean {ObjectiveText.LossOf(comparison.Objective)} is lower on {adam.ShareWon:P0} of {comparison.Tasks} held-out tasks; "
            + $"on the median task it is {Math.Abs(adam.MedianImprovement):P1} {direction}.");
    }

    private static string OfTraining(TrainingRecord training, RpSharePolicy rpShare)
    {
        var t = TrainingFigures.Of(training.History);
        if (!double.IsFinite(t.LastOuterLoss)) return "";
        string trend = t.LastOuterLoss < t.FirstOuterLoss ? "fell" : "rose";
        string losses = string.Create(
            CultureInfo.InvariantCulture,
            $" The outer-loss {trend} from {t.FirstOuterLoss:F3} to {t.LastOuterLoss:F3} over {training.OuterUpdates:N0} outer-updates; "
            + $"g_es had {t.FirstWeightEs:P0} of the merged gradient at first and {t.LastWeightEs:P0} at the end.");
        return rpShare == RpSharePolicy.All
            ? losses
            : losses + string.Create(
                CultureInfo.InvariantCulture,
                $" g_rp was computed for {t.FirstRpShare:P0} of the samples at first and for {t.LastRpShare:P0} at the end.");
    }
}
