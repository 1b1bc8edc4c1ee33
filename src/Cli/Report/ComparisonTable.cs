using System.Globalization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Evaluation.Judgement;
using LoptCluster.Shared.Specification;
using Spectre.Console;

namespace LoptCluster.Cli.Report;

/// <summary>The comparison as a table for a terminal: medians over tasks for each optimizer, and how often θ won.</summary>
internal static class ComparisonTable
{
    /// <summary>Least widths of a terminal for all columns, and for those that compare final losses.</summary>
    private const int FullWidth = 92, MiddleWidth = 76;

    /// <param name="comparison">The comparison.</param>
    /// <param name="width">Columns of the terminal: a narrow one leaves out accuracy and times, a narrower one final losses too.</param>
    public static Table Compose(Comparison comparison, int width = int.MaxValue)
    {
        int shown = width >= FullWidth ? 9 : width >= MiddleWidth ? 7 : 5;
        var table = new Table { Border = TableBorder.Simple };
        table.Title = new TableTitle(
            $"{DisplayFormat.Plural(comparison.Tasks, "held-out task")}, {ObjectiveText.LossOf(comparison.Objective)}, medians"
            + (comparison.Baselines.All(b => b.Rules?.Ruleset == Ruleset.PerTask)
                ? $" (baselines: best of {Baseline.LearningRates.Length} learning rates per task)"
                : ""));
        string[] columns =
        [
            "optimizer", "mean\nloss", "final\nloss", "θ won", "θ differs\nby", "θ won\nfinal", "final\ndiffers by", "accuracy",
            "µs per\nstep",
        ];
        // Narrow padding: a hundred columns hold the longest names.
        foreach (string column in columns[..shown])
        {
            var alignment = column == "optimizer" ? Justify.Left : Justify.Right;
            table.AddColumn(new TableColumn(column) { Alignment = alignment, Padding = new Padding(1, 0, 0, 0) });
        }

        AddRows(table, comparison, shown);
        foreach (var (kind, part) in comparison.BySeveralKinds())
        {
            table.AddEmptyRow();
            table.AddRow($"[grey]{Markup.Escape(kind)}, {DisplayFormat.Plural(part.Tasks, "task")}[/]");
            AddRows(table, part, shown);
        }

        return table;
    }

    private static void AddRows(Table table, Comparison comparison, int shown)
    {
        AddRow("[bold]θ (learned)[/]", comparison.Learned, "", "", "", "");
        foreach (var baseline in comparison.Baselines)
        {
            var against = comparison.Against(baseline.Name);
            AddRow(
                Markup.Escape(baseline.Title),
                baseline,
                Percent(against.ShareWon),
                Difference(against.MedianImprovement),
                Percent(against.ShareWonFinal),
                Difference(against.MedianImprovementFinal));
        }

        void AddRow(string title, ComparedOptimizer optimizer, params ReadOnlySpan<string> against)
        {
            string[] cells =
            [
                title,
                Median(optimizer, comparison.Mean),
                Median(optimizer, comparison.Final),
                .. against,
                Accuracy(optimizer, comparison.Objective),
                DisplayFormat.Number(1e6 * ComparisonJudgement.MeanStepTime(optimizer)?.InnerStepSeconds),
            ];
            table.AddRow(cells[..shown]);
        }
    }

    private static string Accuracy(ComparedOptimizer optimizer, OuterObjective split)
    {
        double median = Quartiles.Of(optimizer.Accuracies(split)).Median;
        return double.IsNaN(median) ? DisplayFormat.Unknown : Percent(median);
    }

    private static string Median(ComparedOptimizer optimizer, Func<InnerTrainingLosses, double> loss) =>
        Quartiles.Of(optimizer.Losses.Select(loss)).Median.ToString("F4", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    /// <summary>
    /// θ's loss less the baseline's, as a share of that, with its sign: words would burst the table, and so would the number where the
    /// baseline's loss is a millionth of θ's.
    /// </summary>
    private static string Difference(double improvement) => improvement < -9.99
        ? "> +999 %"
        : (-improvement).ToString("+0.0 %;-0.0 %;0.0 %", CultureInfo.InvariantCulture);
}
