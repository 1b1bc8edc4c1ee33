using System.Globalization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>The outcome of a run in a few sentences, whether θ wins or loses.</summary>
internal static class Findings
{
    private const double AlmostAll = 0.95, AlmostNone = 0.05;

    /// <summary>So many optimizers of one ruleset are counted, not named, if θ beats them all.</summary>
    private const int Many = 4;

    public static string InWords(ReportData data) =>
        OfComparison(data.Comparison, data.Specification)
        + OfOthers(data.Comparison)
        + OfKinds(data.Comparison)
        + (data.Training is { } training ? OfTraining(training, data.Specification) : "")
        + OfLineage(data.Lineage);

    private static string OfComparison(Comparison comparison, RunSpecification specification)
    {
        var adam = comparison.Against(Baseline.Adam.Name);
        string verdict = (adam.ShareWon, adam.MedianImprovement) switch
        {
            ( >= AlmostAll, > 0) => "θ beats",
            ( > 0.5, > 0) => "θ mostly beats",
            ( < AlmostNone, _) => "θ loses to",
            _ => "θ does not reliably beat",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{verdict} Adam with the best of {Baseline.LearningRates.Length} learning rates per task: "
            + $"over {Horizons(specification)} inner-steps "
            + $"its mean {ObjectiveText.LossOf(comparison.Objective)} is lower on {adam.ShareWon:P0} of "
            + $"{DisplayFormat.Plural(comparison.Tasks, "held-out task")}; "
            + $"on the median task it is {DisplayFormat.Improvement(adam.MedianImprovement)}.");
    }

    /// <summary>The optimizers but Adam: those that θ beats by name, those that it does not with its figures.</summary>
    private static string OfOthers(Comparison comparison)
    {
        var others = comparison.Baselines.Where(b => b.Name != Baseline.Adam.Name)
            .Select(b => (b.Title, b.Rules?.Ruleset, Against: comparison.Against(b.Name))).ToList();
        var beaten = others.Where(b => b.Against is { ShareWon: > 0.5, MedianImprovement: > 0 }).ToList();
        var winners = others.Where(b => b.Against.ShareWon < AlmostNone).ToList();
        string beats = beaten.All(b => b.Against.ShareWon >= AlmostAll) ? "beats" : "mostly beats";
        string[] names = [.. beaten.GroupBy(b => b.Ruleset).SelectMany(group => group.Key is { } ruleset && group.Count() >= Many
            && group.Count() == others.Count(b => b.Ruleset == ruleset)
            ? [$"all {group.Count()} {RulesText.Of(ruleset)}"]
            : group.Select(b => b.Title))];
        string[] parts =
        [
            .. Part(beats, names), .. Part("loses to", winners.Select(Figures)),
            .. Part("does not reliably beat", others.Except(beaten).Except(winners).Select(Figures)),
        ];
        return parts.Length == 0 ? "" : $" It {string.Join("; it ", parts)}.";

        static string[] Part(string verb, IEnumerable<string> optimizers) =>
            optimizers.Any() ? [$"{verb} {string.Join(" · ", optimizers)}"] : [];

        static string Figures((string Title, Ruleset? Ruleset, ComparisonAgainst Against) b) => string.Create(
            CultureInfo.InvariantCulture,
            $"{b.Title} ({b.Against.ShareWon:P0} of the tasks, {DisplayFormat.Improvement(b.Against.MedianImprovement)})");
    }

    private static string OfLineage(RunLineage? lineage)
    {
        if (lineage is null) return "";
        string text = lineage.Origin is { } origin ? $" It began from {OriginText.Of(origin)}." : "";
        return text + string.Concat(lineage.Plans.Prolongations.Select(p => string.Create(
            CultureInfo.InvariantCulture, $" After update {p.FromVersion:N0} it was planned anew to {p.OuterUpdates:N0} outer-updates.")));
    }

    private static string Horizons(RunSpecification specification)
    {
        int shortest = specification.ShortestInnerSteps(), longest = specification.LongestInnerSteps();
        return shortest == longest
            ? longest.ToString("N0", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{shortest:N0} to {longest:N0}");
    }

    private static string OfKinds(Comparison comparison) => comparison.BySeveralKinds().ToList() is not { Count: > 0 } kinds
        ? ""
        : $" By kind of task: {string.Join(", ", kinds.Select(part => OfKind(part.Kind, part.Comparison)))}.";

    private static string OfKind(string kind, Comparison comparison) => string.Create(
        CultureInfo.InvariantCulture, $"{kind} {comparison.Against(Baseline.Adam.Name).ShareWon:P0} of {comparison.Tasks}");

    private static string OfTraining(TrainingRecord training, RunSpecification specification)
    {
        var figures = new TrainingFigures(training.History);
        var (loss, share) = (UpdateFigureTable.OuterLoss, UpdateFigureTable.RpShare);
        if (!double.IsFinite(figures.Last(loss))) return "";
        string trend = figures.Last(loss) < figures.First(loss) ? "fell" : "rose";
        string losses = string.Create(
            CultureInfo.InvariantCulture,
            $" The outer-loss {trend} from {figures.First(loss):F3} to {figures.Last(loss):F3} "
            + $"over {training.OuterUpdates:N0} outer-updates");
        losses += EstimatorRegistry.Find(specification.Estimator).Weighed is { } weighed ? Weight(weighed) : ".";
        return specification.RpShare == RpSharePolicy.All
            ? losses
            : losses + string.Create(
                CultureInfo.InvariantCulture,
                $" g_rp was computed for {figures.First(share):P0} of the samples at first and for {figures.Last(share):P0} at the end.");

        string Weight(EstimatorId weighed)
        {
            var weight = UpdateFigureTable.Weight[weighed];
            return string.Create(
                CultureInfo.InvariantCulture,
                $"; g_{weighed} had {figures.First(weight):P0} of the merged gradient at first and {figures.Last(weight):P0} at the end.");
        }
    }
}
