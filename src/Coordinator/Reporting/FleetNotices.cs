using System.Globalization;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Telemetry;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>Notices about workers: failed and lost ones, and messages that were refused.</summary>
internal sealed class FleetNotices
{
    /// <summary>Refusals within <see cref="RefusalWindow"/> that are more than one worker's mishap.</summary>
    private const int ManyRefusals = 3;

    private static readonly TimeSpan RefusalWindow = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a refusal, or a worker that failed, deserves attention: long enough for an operator who checks now and then.
    /// </summary>
    private static readonly TimeSpan RefusalIsNews = TimeSpan.FromMinutes(10);

    /// <summary>How long a lost worker that did not return deserves attention; its problems have new owners within seconds.</summary>
    private static readonly TimeSpan LossIsNews = TimeSpan.FromMinutes(5);

    public Notice? OfLost(RunFacts facts)
    {
        if (facts.Lost.Count > 0)
        {
            string lost = Named([.. facts.Lost.Select(w => w.Session.WorkerId).Order(StringComparer.Ordinal)], "is", "are");
            return Notice(
                $"{lost} lost: the connection broke without a goodbye. Problems are kept for a moment, then others continue them.");
        }

        if (facts.Stage is RunStage.Finished or RunStage.Draining) return null;
        var present = facts.Connected.Select(w => w.Session.WorkerId).ToHashSet();
        var gone = facts.Incidents.Lost.Where(l => facts.Now - l.At < LossIsNews && !present.Contains(l.WorkerId)).ToList();
        if (gone.Count == 0) return null;
        string named = Named([.. gone.Select(l => l.WorkerId).Distinct()], "was", "were");
        return Notice($"{named} lost {DurationText.Of(facts.Now - gone[0].At)} ago and did not come back. Others continue the problems.");

        static Notice Notice(string text) => new(NoticeKind.WorkersLost, NoticeSeverity.Warning, text);
    }

    /// <summary>The last words of workers that cannot work on this run, until one of them does.</summary>
    public Notice? OfFailed(RunFacts facts)
    {
        if (facts.Stage is RunStage.Finished or RunStage.Draining) return null;
        var working = facts.Connected.Where(w => w.Samples > 0).Select(w => w.Session.WorkerId).ToHashSet();
        var failed = facts.Incidents.Failed.Where(f => facts.Now - f.At < RefusalIsNews && !working.Contains(f.WorkerId)).ToList();
        if (failed.Count == 0) return null;
        string others = failed.Select(f => f.WorkerId).Distinct().Count() - 1 is var more and > 0 ? $" (and {more} more)" : "";
        return new(
            NoticeKind.WorkersFailed,
            working.Count == 0 ? NoticeSeverity.Problem : NoticeSeverity.Warning,
            $"Worker {failed[0].WorkerId} on {failed[0].Host}{others} cannot work on this run and left: {failed[0].Reason}");
    }

    public Notice? OfRefusals(RunFacts facts)
    {
        if (facts.Incidents.Refusals.FirstOrDefault() is not { } newest || facts.Now - newest.At > RefusalIsNews) return null;
        string last = $"the last from worker {newest.WorkerId}: {newest.Refusal.Detail}";
        int lately = facts.Incidents.Refusals.Count(r => facts.Now - r.At < RefusalWindow);
        if (lately >= ManyRefusals)
        {
            string atLeast = lately == Incidents.Kept ? "at least " : "";
            return new(
                NoticeKind.MessagesRefused, NoticeSeverity.Problem, $"Refusals are rising: {atLeast}{lately} in the last minute, {last}");
        }

        long count = facts.Totals.Rejected.Values.Sum();
        string messages = string.Create(CultureInfo.InvariantCulture, $"{count:#,0} message{(count == 1 ? "" : "s")}");
        var severity = facts.Stage == RunStage.WaitingForWorkers ? NoticeSeverity.Problem : NoticeSeverity.Warning;
        return new(NoticeKind.MessagesRefused, severity, $"{messages} refused, {last}");
    }

    private static string Named(IReadOnlyList<string> workers, string one, string many) => workers.Count switch
    {
        1 => $"Worker {workers[0]} {one}",
        <= 3 => $"Workers {string.Join(", ", workers)} {many}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{workers.Count} workers {many}"),
    };
}
