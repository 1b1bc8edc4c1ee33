using System.Globalization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Evaluation;
using Spectre.Console;

namespace LoptCluster.Cli.Report;

/// <summary>The comparison as a table for a terminal: medians over tasks for each optimizer, and how often θ won.</summary>
internal static class ComparisonTable
{
    public static Table Compose(Comparison comparison)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.Title = new TableTitle(
            $"{comparison.Tasks} held-out tasks, {ObjectiveText.LossOf(comparison.Objective)}, medians "
            + $"(baselines: best of {Baseline.LearningRates.Length} learning rates per task)");
        string[] columns = ["optimizer", "mean loss", "final loss", "θ won", "θ lower by", "θ won final", "final lower by"];
        foreach (string column in columns)
            table.AddColumn(new TableColumn(column) { Alignment = column == "optimizer" ? Justify.Left : Justify.Right });
        AddRows(table, comparison);
        foreach (var (kind, part) in comparison.ByKind())
        {
            table.AddEmptyRow();
            table.AddRow($"[grey]{Markup.Escape(kind)}, {DisplayFormat.Plural(part.Tasks, "task")}[/]", "", "", "", "", "", "");
            AddRows(table, part);
        }

        return table;
    }

    private static void AddRows(Table table, Comparison comparison)
    {
        string mean = Median(comparison.Learned, comparison.Mean), final = Median(comparison.Learned, comparison.Final);
        table.AddRow("[bold]θ (learned)[/]", mean, final, "", "", "", "");
        foreach (var baseline in comparison.Baselines)
        {
            var against = comparison.Against(baseline.Name);
            table.AddRow(
                Markup.Escape(baseline.Title),
                Median(baseline, comparison.Mean),
                Median(baseline, comparison.Final),
                Percent(against.ShareWon),
                Percent(against.MedianImprovement),
                Percent(against.ShareWonFinal),
                Percent(against.MedianImprovementFinal));
        }
    }

    private static string Median(ComparedOptimizer optimizer, Func<InnerTrainingLosses, double> loss) =>
        Quartiles.Of(optimizer.Losses.Select(loss)).Median.ToString("F4", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);
}
