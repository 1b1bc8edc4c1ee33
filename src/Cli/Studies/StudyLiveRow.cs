using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Report;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Hosts;

namespace LoptCluster.Cli.Studies;

/// <summary>A run of a fleet's study as a row of its page.</summary>
internal static class StudyLiveRow
{
    /// <param name="entry">The run.</param>
    /// <param name="recorded">What its evaluations say so far; null before it has begun.</param>
    public static string Compose(StudyEntry entry, RunResult? recorded)
    {
        var standing = entry.Standing;
        string label = HtmlTemplate.Escape(entry.Run.Label);
        string link = string.IsNullOrEmpty(standing?.RunId) ? label : $"<a href=\"runs/{entry.Run.FolderName}/\">{label}</a>";
        string problem = standing?.Problem is { Length: > 0 } text ? $"<i class=\"problem\">{HtmlTemplate.Escape(text)}</i>" : "";
        string updates = standing is { OuterUpdates: > 0 } ? $"{standing.OuterUpdate:N0} of {standing.OuterUpdates:N0}" : "";
        string training = recorded is null ? "" : DisplayFormat.Duration(TimeSpan.FromSeconds(recorded.TrainingSeconds));
        return $"<tr><td>{link}{problem}</td><td>{State(standing)}</td><td>{updates}</td><td>{standing?.Workers}</td>"
            + $"<td>{StudyPage.Number(recorded?.Loss ?? double.NaN, "F4")}</td>"
            + $"<td>{DisplayFormat.Improvement(recorded?.Improvement ?? double.NaN)}</td><td>{training}</td>"
            + $"<td>{Left(standing)}</td></tr>\n";
    }

    private static string State(RunStanding? standing) => standing switch
    {
        null or { State: ServedState.Waiting } => "waits for its turn",
        { State: ServedState.Running, Workers: 0 } => "waits for a worker",
        _ => $"<span data-state=\"{$"{standing.State}".ToLowerInvariant()}\">{$"{standing.State}".ToLowerInvariant()}</span>",
    };

    private static string Left(RunStanding? standing) =>
        standing is { State: ServedState.Running, Workers: > 0 } && double.IsFinite(standing.SecondsLeft)
            ? DisplayFormat.Duration(TimeSpan.FromSeconds(standing.SecondsLeft))
            : "";
}
