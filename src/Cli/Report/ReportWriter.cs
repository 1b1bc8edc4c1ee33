using System.Globalization;
using System.Net;
using System.Text;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>report.html: a run to look at. One file, no script, nothing from elsewhere.</summary>
internal static class ReportWriter
{
    public static void Write(string path, ReportData data) => File.WriteAllText(path, Compose(data));

    internal static string Compose(ReportData data)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>LoptCluster · {{Escape(data.Specification.Name)}} · {{Escape(data.RunId)}}</title>
            <style>{{Style}}</style></head><body><main>
            <h1>{{Escape(data.Specification.Name)}} <small>run {{Escape(data.RunId)}}</small></h1>
            """);
        html.Append("<p class=\"lead\">").Append(Escape(Findings.InWords(data))).Append("</p>\n");
        html.Append(Tiles(data));

        html.Append("<h2>θ against tuned optimizers, on classes it never saw</h2>\n");
        html.Append(Table(data.Comparison));
        foreach (var objective in Order(data.Comparison.Objective))
            html.Append(Figure(ComparisonPlots.Curves(data.Comparison, objective), Caption(data.Comparison, objective)));
        html.Append(Figure(
            ComparisonPlots.Improvements(data.Comparison),
            "Each dot is one held-out task: how much lower θ's mean loss is than the baseline's with its best learning rate for that task, sorted. Above 0, θ wins (the paper's Fig. 6c)."));

        if (data.History.Count > 1)
        {
            html.Append("<h2>Outer-training</h2>\n");
            html.Append(Figure(TrainingPlots.OuterLoss(data), "Mean of L⁺ and L⁻ over each batch (smoothed line), and the truncation length k (right)."));
            if (data.History.Any(h => double.IsFinite(h.EvaluationOuterTest)))
                html.Append(Figure(TrainingPlots.Evaluations(data), "Mean loss of θ on fixed outer-train and held-out tasks while it was trained; the dashed line is tuned Adam on the held-out ones (the paper's Fig. 5)."));
            html.Append(Figure(TrainingPlots.Variances(data), "Median over θ of the variance of one sample of each estimator, and the share of g_es in the merged gradient (right): the paper's Fig. 4."));
            html.Append(Figure(TrainingPlots.VariancesBySteps(data), "The same against truncation length k, one dot of each colour per update; where g_rp's variance exceeds g_es's, the weight moves to g_es."));
        }

        html.Append("<h2>θ</h2>\n").Append(ThetaTable.Compose(data));
        html.Append("<h2>Specification</h2>\n<pre>").Append(Escape(PresetFile.Write(data.Specification, "Every value of this run."))).Append("</pre>\n");
        html.Append("</main></body></html>\n");
        return html.ToString();
    }

    internal static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static IEnumerable<OuterObjective> Order(OuterObjective first) =>
        first == OuterObjective.Valid ? [OuterObjective.Valid, OuterObjective.Train] : [OuterObjective.Train, OuterObjective.Valid];

    private static string Caption(Comparison comparison, OuterObjective shown) =>
        $"{(shown == OuterObjective.Valid ? "Validation" : "Training")} loss over inner-steps: median over {comparison.Tasks} tasks, band between the quartiles. Each baseline runs with its best learning rate for each task"
        + (shown == comparison.Objective ? "." : "; θ was not outer-trained for this loss.");

    private static string Figure(SvgPlot plot, string caption) => $"<figure>{plot.ToLegend()}{plot.ToSvg()}<figcaption>{Escape(caption)}</figcaption></figure>\n";

    private static string Tiles(ReportData data)
    {
        var adam = data.Comparison.Against(Baseline.Adam.Name);
        (string Value, string Label)[] tiles =
        [
            (adam.ShareWon.ToString("P0", CultureInfo.InvariantCulture), $"of {data.Comparison.Tasks} held-out tasks won against tuned Adam"),
            (adam.MedianImprovement.ToString("P0", CultureInfo.InvariantCulture), "lower mean loss than tuned Adam, median task"),
            (data.History.Count > 0 ? data.History[^1].OuterUpdate.ToString("N0", CultureInfo.InvariantCulture) : "–", "outer-updates"),
            (data.SamplesAccepted.ToString("N0", CultureInfo.InvariantCulture), "gradient samples"),
            (TimeSpan.FromSeconds(data.WallSeconds).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture), "from start to end"),
        ];
        return "<div class=\"tiles\">" + string.Concat(tiles.Select(t => $"<div><b>{Escape(t.Value)}</b><span>{Escape(t.Label)}</span></div>")) + "</div>\n";
    }

    private static string Table(Comparison comparison)
    {
        var html = new StringBuilder("<div class=\"scroll\"><table><tr><th>optimizer</th><th>train, mean</th><th>train, final</th><th>valid, mean</th><th>valid, final</th><th>θ won</th><th>θ lower by</th></tr>\n");
        Row(comparison.Learned, "", "");
        foreach (var baseline in comparison.Baselines)
        {
            var a = comparison.Against(baseline.Name);
            Row(baseline, a.ShareWon.ToString("P0", CultureInfo.InvariantCulture), a.MedianImprovement.ToString("P1", CultureInfo.InvariantCulture));
        }

        return html.Append("</table></div>\n<p class=\"note\">Medians over tasks, in nats; in grey the quartiles. Won and lower by: mean loss of the run's objective.</p>\n").ToString();

        void Row(ComparedOptimizer optimizer, string won, string lower)
        {
            html.Append("<tr><td>").Append(Escape(optimizer.Title)).Append("</td>");
            foreach (var loss in (ReadOnlySpan<Func<InnerTrainingLosses, double>>)[l => l.TrainMean, l => l.TrainFinal, l => l.ValidMean, l => l.ValidFinal])
            {
                var q = Quartiles.Of(optimizer.Losses.Select(loss));
                html.Append(CultureInfo.InvariantCulture, $"<td>{q.Median:F4} <i>{q.Lower:F3}–{q.Upper:F3}</i></td>");
            }

            html.Append("<td>").Append(won).Append("</td><td>").Append(lower).Append("</td></tr>\n");
        }
    }

    private const string Style = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1c2430;--soft:#667085;--card:#f5f7fa;--line:#e3e8ef}
        @media(prefers-color-scheme:dark){:root{--bg:#12161d;--fg:#e6eaf0;--soft:#98a2b3;--card:#1b212b;--line:#2a3240}}
        body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}main{max-width:860px;margin:auto;padding:24px 16px 64px}
        h1{margin:.2em 0}h1 small{font-size:.5em;color:var(--soft);font-weight:400}h2{margin:2em 0 .4em;font-size:1.25em}.lead{font-size:1.1em}.note,figcaption{color:var(--soft);font-size:.86em}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px}.tiles div{background:var(--card);border-radius:10px;padding:12px 14px}.tiles b{display:block;font-size:1.5em}.tiles span{color:var(--soft);font-size:.82em}
        figure{margin:18px 0;background:var(--card);border-radius:10px;padding:12px}svg{width:100%;height:auto;color:var(--fg)}svg text{font-family:system-ui,sans-serif}
        .legend{margin:0 0 4px;font-size:.84em;display:flex;flex-wrap:wrap;gap:4px 18px}.legend i{display:inline-block;width:22px;margin-right:6px;vertical-align:middle}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{text-align:right;padding:6px 8px;border-bottom:1px solid var(--line);white-space:nowrap}th:first-child,td:first-child{text-align:left}td i{color:var(--soft);font-style:normal;font-size:.78em;display:block}
        pre{background:var(--card);border-radius:10px;padding:14px;overflow-x:auto;font-size:.78em;line-height:1.35}
        """;
}
