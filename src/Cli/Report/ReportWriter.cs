using System.Globalization;
using System.Text;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>Writes report.html: the results of a run in one file, without scripts or outside references.</summary>
internal static class ReportWriter
{
    public static void Write(string path, ReportData data) => File.WriteAllText(path, Compose(data));

    internal static string Compose(ReportData data) => HtmlTemplate.Load("report.html")
        .WithMarkup("style", HtmlTemplate.Resource("report.css"))
        .WithText("name", data.Specification.Name)
        .WithText("run", data.RunId)
        .WithText("findings", Findings.InWords(data))
        .WithMarkup("tiles", Tiles(data))
        .WithMarkup("rows", Rows(data.Comparison) + string.Concat(data.Comparison.BySeveralKinds().Select(KindRows)))
        .WithMarkup("comparison", ComparisonSection(data.Comparison))
        .WithMarkup("judgement", JudgementSection.Compose(data.Comparison, data.Specification.Seed))
        .WithMarkup("training", data.Training is { History.Count: > 1 } training ? TrainingSection(data.Specification, training) : "")
        .WithMarkup("theta", ThetaTable.Compose(OptimizerFamilies.Of(data.Specification.Optimizer), data.Theta))
        .WithText("specification", PresetFile.Write(data.Specification, "Every value of this run."))
        .Render();

    private static string ComparisonSection(Comparison comparison)
    {
        OuterObjective[] objectives = comparison.Objective == OuterObjective.Valid
            ? [OuterObjective.Valid, OuterObjective.Train]
            : [OuterObjective.Train, OuterObjective.Valid];
        var curves = objectives.Select(o => ComparisonPlots.Curves(comparison, o).ToFigure(Caption(comparison, o)));
        return string.Concat(curves)
            + ComparisonPlots.Improvements(comparison).ToFigure(
                "Held-out tasks, sorted for each baseline: how much lower θ's mean loss is than the baseline's. Above 0, θ wins (the"
                + " paper's Fig. 6c).");
    }

    private static string Caption(Comparison comparison, OuterObjective shown) =>
        $"Inner-{ObjectiveText.LossOf(shown)} along "
        + (comparison.Curve.AreShares ? "the horizon, whose length differs" : "the inner-steps")
        + $": median over {comparison.Tasks} tasks, with a band between the quartiles"
        + (comparison.Baselines.Count < ComparisonPlots.MostBands ? "" : " of θ")
        + ". A baseline that is tuned on each task runs with its best setting there"
        + (shown == comparison.Objective ? "." : $"; θ is judged by the {ObjectiveText.LossOf(comparison.Objective)}.");

    private static string TrainingSection(RunSpecification specification, TrainingRecord training)
    {
        var html = new StringBuilder("<h2>Outer-training</h2>\n");
        html.Append(TrainingPlots.OuterLoss(training).ToFigure(
            "Mean of L⁺ and L⁻ over each batch (smoothed line), and the truncation length k (right axis)."));
        if (training.History.Any(row => double.IsFinite(row.EvaluationOuterTest)))
        {
            html.Append(TrainingPlots.Evaluations(training).ToFigure(
                "Mean loss of θ on fixed outer-train and held-out tasks during training; the dashed line is tuned Adam on the held-out"
                + " tasks (the paper's Fig. 5)."));
        }

        var weighed = EstimatorRegistry.Find(specification.Estimator).Weighed;
        html.Append(TrainingPlots.Variances(specification, training).ToFigure(
            "Median over θ of the variance of a single sample of each estimator (the paper's Fig. 4)"
            + (weighed is null ? "." : $", and the share of g_{weighed} in the merged gradient (right axis).")));
        html.Append(TrainingPlots.VariancesBySteps(specification, training).ToFigure(
            "The same against the truncation length k, one dot of each colour per update."
            + (weighed is null ? "" : $" Where the variance of g_rp exceeds that of g_{weighed}, the weight shifts to g_{weighed}.")));
        foreach (var parameter in OptimizerFamilies.Of(specification.Optimizer).Theta.HyperParameters)
        {
            string initial = parameter.Initial.ToString("G6", CultureInfo.InvariantCulture);
            html.Append(TrainingPlots.HyperParameter(parameter, training).ToFigure(
                $"{parameter.Name} over outer-training, from its initial value {initial}."));
        }

        return html.ToString();
    }

    private static string Tiles(ReportData data)
    {
        var adam = data.Comparison.Against(Baseline.Adam.Name);
        List<(string Value, string Label)> tiles =
        [
            (Percent(adam.ShareWon, "P0"), $"of {DisplayFormat.Plural(data.Comparison.Tasks, "held-out task")} won against tuned Adam"),
            (Percent(Math.Abs(adam.MedianImprovement), "P0"),
                $"{(adam.MedianImprovement < 0 ? "higher" : "lower")} mean loss than tuned Adam, median task"),
        ];
        var hardest = data.Comparison.Hardest();
        if (hardest.Name != Baseline.Adam.Name)
        {
            var against = data.Comparison.Against(hardest.Name);
            tiles.Add((Percent(against.ShareWon, "P0"), $"won against {hardest.Title}, the hardest to beat here"));
        }

        if (data.Training is { } training)
        {
            tiles.Add((training.OuterUpdates.ToString("N0", CultureInfo.InvariantCulture), "outer-updates"));
            tiles.Add((training.SamplesAccepted.ToString("N0", CultureInfo.InvariantCulture), "gradient samples"));
        }

        if (data.WallSeconds is { } wall)
            tiles.Add((TimeSpan.FromSeconds(wall).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture), "from start to end"));
        return string.Concat(tiles.Select(tile =>
            $"<div><b>{HtmlTemplate.Escape(tile.Value)}</b><span>{HtmlTemplate.Escape(tile.Label)}</span></div>"));
    }

    private static string Rows(Comparison comparison)
    {
        var rows = new StringBuilder(Row(comparison.Learned, ["", "", "", ""]));
        foreach (var baseline in comparison.Baselines)
        {
            var against = comparison.Against(baseline.Name);
            rows.Append(Row(
                baseline,
                [
                    Percent(against.ShareWon, "P0"), Percent(against.ShareWonFinal, "P0"),
                    DisplayFormat.Improvement(against.MedianImprovement), DisplayFormat.Improvement(against.MedianImprovementFinal),
                ]));
        }

        return rows.ToString();
    }

    /// <summary>The rows of the held-out tasks of one task of a mixture.</summary>
    private static string KindRows((string Kind, Comparison Comparison) part)
    {
        string tasks = part.Comparison.Tasks.ToString("N0", CultureInfo.InvariantCulture);
        return $"<tr><th colspan=\"9\">{HtmlTemplate.Escape(part.Kind)}, {tasks} of the tasks</th></tr>\n{Rows(part.Comparison)}";
    }

    private static string Row(ComparedOptimizer optimizer, ReadOnlySpan<string> against)
    {
        var cells = LossMeasure.All.Select(measure => Quartiles.Of(optimizer.Losses.Select(measure.Of)))
            .Select(q => string.Create(CultureInfo.InvariantCulture, $"<td>{q.Median:F4} <i>{q.Lower:F3}–{q.Upper:F3}</i></td>"));
        return $"<tr><td>{HtmlTemplate.Escape(optimizer.Title)}</td>{string.Concat(cells)}"
            + $"<td>{string.Join("</td><td>", against)}</td></tr>\n";
    }

    private static string Percent(double share, string format) => share.ToString(format, CultureInfo.InvariantCulture);
}
