using LoptCluster.Engine.Evaluation;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Chaos.Hostile.Expectations;

/// <summary>
/// Which results of parts of a comparison the protocol takes: written from protos/lopt/v1 and docs/BASELINES.md, not from the
/// coordinator's code.
/// </summary>
internal static class ComparisonRules
{
    /// <summary>Means and finals of both splits; two accuracies follow.</summary>
    private const int Losses = 4, Numbers = 6;

    /// <summary>The points of a curve are floats: what their rounding may make of its mean.</summary>
    private const double Rounding = 1e-6;

    /// <summary>Whether nobody can tell the result from one that an honest worker computed for this part.</summary>
    public static bool IsPlausible(ComparisonPartResult result, ComparisonPart part, Victim victim) =>
        result.PartId == part.PartId
        && result.Losses.Count == Numbers
        && result.Losses.Take(Losses).All(loss => loss >= 0 && loss <= victim.Specification.LossCap)
        && result.Losses.Skip(Losses).All(accuracy => double.IsNaN(accuracy) || accuracy is >= 0 and <= 1)
        && result.Setting >= 0 && result.Setting < SettingsOf(part)
        && IsCurve(result.TrainCurve, result.Losses[0], OuterObjective.Train, part, victim)
        && IsCurve(result.ValidCurve, result.Losses[2], OuterObjective.Valid, part, victim);

    private static int SettingsOf(ComparisonPart part) => part.Baseline?.Settings.Count ?? 1;

    /// <summary>
    /// The curve is that of the setting with the best mean of the run's objective; on the other split another setting may have a better
    /// one.
    /// </summary>
    private static bool IsCurve(
        IReadOnlyList<float> curve, double mean, OuterObjective split, ComparisonPart part, Victim victim)
    {
        if (curve.Count != victim.CurvePoints || !curve.All(loss => loss >= 0 && loss <= victim.Specification.LossCap)) return false;
        int steps = victim.Specification.InnerSteps;
        var intervals = CurveIntervals.Of(victim.Specification);
        double sum = curve.Select((loss, i) => loss * (double)(intervals.End(i, steps) - (i == 0 ? 0 : intervals.End(i - 1, steps)))).Sum();
        double difference = (sum / steps) - mean, most = Rounding * (1 + mean);
        bool isShown = split == victim.Specification.Objective || SettingsOf(part) == 1;
        return difference >= -most && (!isShown || difference <= most);
    }
}
