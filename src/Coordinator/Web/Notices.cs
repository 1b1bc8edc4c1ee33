using System.Globalization;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.Web;

/// <summary>A sentence about the run.</summary>
/// <param name="Level">"bad": training stands still or goes wrong; "warning": look at it; "info": as somebody wanted; "good".</param>
internal sealed record Notice(string Level, string Text);

/// <summary>What deserves attention, in words; nothing while all is well.</summary>
internal static class Notices
{
    /// <summary>Evaluations of one θ differ by a few percent with the state of training; more is a turn for the worse.</summary>
    private const double WorseThanBest = 1.1;

    /// <summary>Refusals within a minute that are more than one worker's mishap.</summary>
    private const int Rising = 3;

    private static readonly string[] Levels = ["bad", "warning", "info", "good"];
    private static readonly TimeSpan LossIsNews = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RefusalsCounted = TimeSpan.FromMinutes(1);

    /// <param name="newest">Newest evaluation on outer-train tasks.</param>
    /// <param name="bestLoss">Lowest one; NaN while there is none.</param>
    /// <param name="pace">Training time at the newest update, and seconds that one takes.</param>
    public static IReadOnlyList<Notice> Of(
        Status status, (long Version, double Loss)? newest, double bestLoss, (double LastSeconds, double SecondsAnUpdate)? pace, DateTimeOffset now)
    {
        string refusals = Refusals(status, now, out string level);
        Notice?[] all =
        [
            Message(status, refusals),
            Lost(status, now),
            refusals.Length > 0 ? new(level, refusals) : null,
            Stalled(status, pace),
            Worse(status, newest, bestLoss),
        ];
        return [.. all.OfType<Notice>().OrderBy(n => Array.IndexOf(Levels, n.Level))];
    }

    private static Notice? Message(Status status, string refusals) => status.State switch
    {
        RunState.Finished => new("good", Finished(status)),
        RunState.Draining => new("info", "Draining: workers hand back what they have half done, then the coordinator stops. Start it again with the same run folder to go on."),
        _ when status.Message.Length == 0 || (refusals.Length > 0 && status.Refusals[0].Detail.Length > 0 && status.Message.EndsWith(status.Refusals[0].Detail, StringComparison.Ordinal)) => null,
        RunState.Paused => new("info", status.Message),
        RunState.WaitingForWorkers => new("bad", status.Message),
        _ => new(status.OuterUpdate >= status.OuterUpdatesTotal ? "info" : "warning", status.Message),
    };

    private static string Finished(Status status)
    {
        string best = status.BestVersion >= 0 ? string.Create(CultureInfo.InvariantCulture, $" Version {status.BestVersion} of θ is the best.") : "";
        if (!(status.EvaluationOuterTest > 0 && status.BaselineOuterTest > 0)) return $"The run is finished.{best}";
        double percent = (1 - (status.EvaluationOuterTest / status.BaselineOuterTest)) * 100;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The run is finished: on held-out tasks θ's loss is {Math.Abs(percent):0.0} % {(percent >= 0 ? "lower" : "higher")} than tuned Adam's.{best}");
    }

    /// <summary>Workers whose connection broke: now, or a short while ago and not back.</summary>
    private static Notice? Lost(Status status, DateTimeOffset now)
    {
        var lost = status.Workers.Where(w => w.State == WorkerStates.Lost).Select(w => w.WorkerId).ToList();
        if (lost.Count > 0)
            return new("warning", $"{Named(lost, "is", "are")} lost: the connection broke without a goodbye. Problems are kept for a moment, then others go on with them.");
        var present = status.Workers.Select(w => w.WorkerId).ToHashSet();
        var gone = status.LostWorkers.Where(l => now - At(l.UnixMilliseconds) < LossIsNews && !present.Contains(l.WorkerId)).ToList();
        if (gone.Count == 0 || status.State is RunState.Finished or RunState.Draining) return null;
        return new("warning", $"{Named([.. gone.Select(g => g.WorkerId).Distinct()], "was", "were")} lost {PageWords.Of(now - At(gone[0].UnixMilliseconds))} ago and did not come back. Others go on with the problems.");
    }

    private static string Named(IReadOnlyList<string> workers, string one, string many) => workers.Count switch
    {
        1 => $"Worker {workers[0]} {one}",
        <= 3 => $"Workers {string.Join(", ", workers)} {many}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{workers.Count} workers {many}"),
    };

    private static string Refusals(Status status, DateTimeOffset now, out string level)
    {
        level = "warning";
        if (status.Refusals.Count == 0 || now - At(status.Refusals[0].UnixMilliseconds) > Incidents.Attention) return "";
        string last = $"the last from worker {status.Refusals[0].WorkerId}: {status.Refusals[0].Detail}";
        int lately = status.Refusals.Count(r => now - At(r.UnixMilliseconds) < RefusalsCounted);
        if (lately < Rising) return $"{PageWords.Count(status.SamplesRejected.Values.Sum(), "message")} refused, {last}";
        level = "bad";
        return $"Refusals are rising: {(lately == Incidents.Kept ? "at least " : "")}{lately} in the last minute, {last}";
    }

    /// <summary>Much longer without an outer-update than they take; training time stands still while nobody works.</summary>
    private static Notice? Stalled(Status status, (double LastSeconds, double SecondsAnUpdate)? pace)
    {
        if (pace is not { } p || status.State != RunState.Running || status.OuterUpdate >= status.OuterUpdatesTotal) return null;
        double since = status.SecondsRunning - p.LastSeconds;
        return since > Math.Max(60, 10 * p.SecondsAnUpdate)
            ? new("bad", $"No outer-update for {PageWords.Of(TimeSpan.FromSeconds(since))}; one took {PageWords.Of(TimeSpan.FromSeconds(Math.Max(1, p.SecondsAnUpdate)))} before.")
            : null;
    }

    private static Notice? Worse(Status status, (long Version, double Loss)? newest, double bestLoss) =>
        newest is { } n && bestLoss > 0 && n.Loss > WorseThanBest * bestLoss && n.Version > status.BestVersion
            ? new("warning", string.Create(
                CultureInfo.InvariantCulture,
                $"θ gets worse: version {n.Version} has loss {n.Loss:0.000} on outer-train tasks, version {status.BestVersion} had {bestLoss:0.000}. Take the best one."))
            : null;

    private static DateTimeOffset At(long unixMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds);
}
