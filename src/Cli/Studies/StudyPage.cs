using System.Globalization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Studies;
using OxyPlot;

namespace LoptCluster.Cli.Studies;

/// <summary>
/// Writes the runs of a study compared: study.html, one file without scripts, and the body of the coordinator's page while they train.
/// </summary>
internal static class StudyPage
{
    private static readonly OxyColor[] Colors =
    [
        SvgPlot.Blue, SvgPlot.Orange, SvgPlot.Green, SvgPlot.Red, SvgPlot.Grey,
        OxyColor.FromRgb(0x8B, 0x5C, 0xF6), OxyColor.FromRgb(0x06, 0xB6, 0xD4), OxyColor.FromRgb(0xA1, 0x62, 0x07),
    ];

    public static string Compose(StudyFile study, IReadOnlyList<StudyEntry> entries)
    {
        var groups = StudyGroup.Of(entries);
        return HtmlTemplate.Load("study.html")
            .WithMarkup("style", HtmlTemplate.Resource("report.css"))
            .WithText("name", study.Name)
            .WithText("lead", Lead(study, entries))
            .WithMarkup("groups", string.Concat(groups.OrderBy(g => g.Loss.Median).Select(Row)))
            .WithMarkup("curves", Curves(groups))
            .WithMarkup("runs", string.Concat(entries.Select(Row)))
            .Render();
    }

    private static IEnumerable<string> Description(StudyFile study)
    {
        if (!study.Cases.IsEmpty) yield return $"Cases: {string.Join("; ", study.Cases.Select(Words))}.";
        if (!study.Axes.IsEmpty)
            yield return $"Axes: {string.Join("; ", study.Axes.Select(a => $"{a.Key} {string.Join(", ", a.Values)}"))}.";

        static string Words(StudyCase one) =>
            one.Assignments.IsEmpty ? one.Name : $"{one.Name} ({string.Join(", ", one.Assignments.Select(a => a.Replace("=", " ")))})";
    }

    /// <summary>The body of the page of a fleet: curves of all runs that have been evaluated, results of those that are finished.</summary>
    public static string ComposeLive(StudyFile study, IReadOnlyList<StudyEntry> entries)
    {
        var recorded = entries.ToDictionary(e => e, e => e.Recorded);
        var groups = StudyGroup.Of(entries);
        string rows = string.Concat(groups.OrderBy(g => g.Loss.Median).Select(Row));
        return HtmlTemplate.Load("study-live.html")
            .WithText("name", study.Name)
            .WithText("lead", Lead(study, entries))
            .WithMarkup("groups", rows.Length > 0 ? rows : "<tr><td colspan=\"6\">No run is finished yet.</td></tr>")
            .WithMarkup("curves", Curves(StudyGroup.Of(entries.Select(e => (e.Run.Group, recorded[e])))))
            .WithMarkup("runs", string.Concat(entries.Select(e => StudyLiveRow.Compose(e, recorded[e]))))
            .Render();
    }

    private static string Lead(StudyFile study, IReadOnlyList<StudyEntry> entries)
    {
        int finished = entries.Count(e => e.State == StudyRunState.Finished), failed = entries.Count(e => e.State == StudyRunState.Failed);
        return $"{finished} of {entries.Count} runs of the preset '{study.Preset}' are finished, {failed} failed. "
            + string.Join(' ', Description(study));
    }

    /// <summary>The curves of all groups as a file of their own; null where nothing has been evaluated.</summary>
    public static string? ComposeCurves(IReadOnlyList<StudyEntry> entries) => Plot(StudyGroup.Of(entries))?.ToDocument();

    /// <summary>The curves of all groups; null where nothing has been evaluated.</summary>
    private static SvgPlot? Plot(IReadOnlyList<StudyGroup> groups)
    {
        if (!groups.Any(g => g.Curve().Any())) return null;
        var plot = new SvgPlot("seconds of outer-training", "held-out mean loss", logY: true);
        foreach (var (group, i) in groups.Select((g, i) => (g, i)))
        {
            var color = Colors[i % Colors.Length];
            var curve = group.Curve().ToList();
            plot.Band(color, curve.Select(p => (p.Seconds, p.Loss.Lower, p.Loss.Upper)))
                .Line(group.Name, color, curve.Select(p => (p.Seconds, p.Loss.Median)), dashed: i >= Colors.Length);
        }

        return plot;
    }

    private static string Curves(IReadOnlyList<StudyGroup> groups) => Plot(groups) is { } plot ? Figure(plot) : "";

    private static string Figure(SvgPlot plot) =>
        plot.ToFigure(
            "Mean loss of θ over the horizon on the fixed held-out tasks, against seconds of outer-training: median over seeds, with a band"
            + " between the quartiles.",
            height: 380);

    private static string Row(StudyGroup g) =>
        $"<tr><td>{HtmlTemplate.Escape(g.Name)}</td><td>{g.Results.Count}</td>{Cell(g.Loss, "F4")}"
        + $"{Cell(g.Improvement, DisplayFormat.Improvement)}{Cell(g.TrainingSeconds, "F0")}{Cell(g.OuterUpdates, "F0")}</tr>\n";

    private static string Cell(Quartiles q, string format) => Cell(q, value => Number(value, format));

    private static string Cell(Quartiles q, Func<double, string> text) =>
        $"<td>{text(q.Median)}<i>{text(q.Lower)} to {text(q.Upper)}</i></td>";

    private static string Row(StudyEntry entry)
    {
        string label = HtmlTemplate.Escape(entry.Run.Label);
        if (entry.Result is not { } r)
        {
            string state = entry.State == StudyRunState.Failed ? $"failed: {entry.Failure}" : $"{entry.State}".ToLowerInvariant();
            return $"<tr><td>{label}</td><td colspan=\"4\">{HtmlTemplate.Escape(state)}</td></tr>\n";
        }

        string report = HtmlTemplate.Escape($"{entry.Run.FolderName}/{Path.GetFileName(entry.Folder.Report)}");
        return $"<tr><td><a href=\"{report}\">{label}</a></td><td>{Number(r.Loss, "F4")}</td>"
            + $"<td>{DisplayFormat.Improvement(r.Improvement)}</td><td>{Number(r.ShareWon, "P0")}</td>"
            + $"<td>{DisplayFormat.Duration(TimeSpan.FromSeconds(r.TrainingSeconds))}</td></tr>\n";
    }

    public static string Number(double value, string format) =>
        double.IsNaN(value) ? DisplayFormat.Unknown : value.ToString(format, CultureInfo.InvariantCulture);
}
