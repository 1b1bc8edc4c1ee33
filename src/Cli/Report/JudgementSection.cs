using System.Globalization;
using System.Text;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Evaluation.Judgement;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>The report's section of rankings, performance profiles, accuracies and times, as HTML.</summary>
internal static class JudgementSection
{
    private const string RankingNote =
        "Interquartile mean over tasks of an optimizer's loss divided by that of the task's best optimizer (1: the best on every task),"
        + " with its 95 % bootstrap interval in grey.";

    private const string TimesNote =
        "Accuracy is at the end of the horizon on the whole split, median over tasks. Times are of one thread on the machine of the"
        + " comparison, mean over tasks. θ reaches a baseline's final loss at the end of the first interval of its learning curve whose"
        + " mean is at or below it: shown are the share of tasks on which it does, and the median inner-steps and time that it takes,"
        + " relative to the baseline's whole training (–: reached on at most half of the tasks).";

    public static string Compose(Comparison comparison, long seed)
    {
        var split = comparison.Objective;
        var other = split == OuterObjective.Valid ? OuterObjective.Train : OuterObjective.Valid;
        return "<h2>Rankings, accuracy and time</h2>\n"
            + Rankings(comparison, seed, split, withProfiles: true)
            + Times(new ComparisonJudgement(comparison, seed), split)
            + Details($"By {ObjectiveText.LossOf(other)}", OfSplit(comparison, seed, other, withProfiles: true))
            + string.Concat(comparison.BySeveralKinds().Select(part => OfKind(part.Kind, part.Comparison, seed)));
    }

    private static string OfKind(string kind, Comparison comparison, long seed) => Details(
        $"{kind}, {DisplayFormat.Plural(comparison.Tasks, "held-out task")}",
        OfSplit(comparison, seed, comparison.Objective, withProfiles: false));

    private static string OfSplit(Comparison comparison, long seed, OuterObjective split, bool withProfiles) =>
        Rankings(comparison, seed, split, withProfiles) + Times(new ComparisonJudgement(comparison, seed), split);

    /// <summary>A ranking for each ruleset.</summary>
    private static string Rankings(Comparison comparison, long seed, OuterObjective split, bool withProfiles) =>
        string.Concat(comparison.ByRuleset().Select(part =>
        {
            var judgement = new ComparisonJudgement(part.Comparison, seed);
            return $"<h3>θ and {RulesText.Of(part.Ruleset)}</h3>\n{Rankings(judgement, split)}"
                + (withProfiles ? Profiles(comparison, judgement, split) : "");
        }));

    private static string Rankings(ComparisonJudgement judgement, OuterObjective split)
    {
        string loss = ObjectiveText.LossOf(split);
        var rows = judgement.Ranking(LossMeasure.Mean(split)).Zip(
            judgement.Ranking(LossMeasure.Final(split)), (mean, final) => $"<tr>{Place(judgement, mean)}{Place(judgement, final)}</tr>\n");
        return Table(
            $"<tr><th class=\"name\" colspan=\"3\">by the mean {loss}</th>"
            + $"<th class=\"name\" colspan=\"3\">by the final {loss}</th></tr>\n",
            rows,
            RankingNote);
    }

    private static string Place(ComparisonJudgement judgement, RankedOptimizer place)
    {
        string mark = place.Optimizer == judgement.Comparison.Learned ? " learned" : "";
        return $"<td>{place.Rank}</td><td class=\"name{mark}\">{HtmlTemplate.Escape(place.Optimizer.Title)}</td>"
            + $"<td>{Factor(place.Loss.Value)}<i>{Factor(place.Loss.Lower)}–{Factor(place.Loss.Upper)}</i></td>";
    }

    private static string Times(ComparisonJudgement judgement, OuterObjective split)
    {
        var comparison = judgement.Comparison;
        var rows = judgement.Optimizers.Select(optimizer =>
        {
            string until = optimizer == comparison.Learned ? "<td></td><td></td><td></td>" : Until(judgement.Until(optimizer.Name, split));
            string rules = optimizer.Rules is null ? "" : $"<i>{HtmlTemplate.Escape(RulesText.Of(optimizer.Rules))}</i>";
            return $"<tr><td>{HtmlTemplate.Escape(optimizer.Title)}{rules}</td>{Accuracy(optimizer, OuterObjective.Train)}"
                + $"{Accuracy(optimizer, OuterObjective.Valid)}{Time(ComparisonJudgement.MeanStepTime(optimizer))}{until}</tr>\n";
        });
        return Table(
            "<tr><th rowspan=\"2\">optimizer</th><th colspan=\"2\">accuracy</th><th colspan=\"3\">time of an inner-step, µs</th>"
            + "<th colspan=\"3\">θ reaches its final loss</th></tr>\n<tr class=\"second\"><th>train</th><th>valid</th><th>gradient</th>"
            + "<th>update</th><th>whole</th><th>tasks</th><th>steps</th><th>time</th></tr>\n",
            rows,
            TimesNote);
    }

    private static string Accuracy(ComparedOptimizer optimizer, OuterObjective split) =>
        Cell(Quartiles.Of(optimizer.Accuracies(split)).Median, "P1");

    private static string Time(StepTime? time) =>
        Microseconds(time?.GradientSeconds) + Microseconds(time?.UpdateSeconds) + Microseconds(time?.InnerStepSeconds);

    private static string Microseconds(double? seconds) => $"<td>{DisplayFormat.Number(1e6 * seconds)}</td>";

    private static string Until(UntilFinalLoss until) =>
        Cell(until.ShareReached, "P0")
        + Cell(Quartiles.Of(until.StepsShare).Median, "P0")
        + Cell(Quartiles.Of(until.SecondsShare).Median, "P0");

    private static string Profiles(Comparison comparison, ComparisonJudgement judgement, OuterObjective split)
    {
        string loss = ObjectiveText.LossOf(split);
        return ComparisonPlots.Profile(comparison, judgement, LossMeasure.Mean(split)).ToFigure(
                $"Performance profile by the mean {loss}: share of tasks on which an optimizer's loss is at most τ times that of the task's"
                + " best optimizer. Higher is better; at τ = 1 stands the share of tasks on which it is the best.")
            + ComparisonPlots.Profile(comparison, judgement, LossMeasure.Final(split)).ToFigure($"The same by the final {loss}.");
    }

    private static string Table(string headings, IEnumerable<string> rows, string note)
    {
        var html = new StringBuilder("<div class=\"scroll\"><table>\n").Append(headings).AppendJoin("", rows);
        return html.Append("</table></div>\n<p class=\"note\">").Append(HtmlTemplate.Escape(note)).Append("</p>\n").ToString();
    }

    private static string Details(string summary, string content) =>
        $"<details><summary>{HtmlTemplate.Escape(summary)}</summary>\n{content}</details>\n";

    private static string Cell(double value, string format) =>
        $"<td>{(double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : DisplayFormat.Unknown)}</td>";

    private static string Factor(double value) =>
        double.IsFinite(value) ? value.ToString("F3", CultureInfo.InvariantCulture) : DisplayFormat.Unknown;
}
