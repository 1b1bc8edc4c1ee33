using System.Globalization;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>Notices about samples that were computed again: who is quarantined, and where no third worker could decide yet.</summary>
internal sealed class AuditNotices
{
    public Notice? OfQuarantine(RunFacts facts)
    {
        if (facts.Quarantined.MaxBy(r => r.Since) is not { } newest) return null;
        int others = facts.Quarantined.Count - 1;
        string more = others > 0 ? string.Create(CultureInfo.InvariantCulture, $" (and {others} more)") : "";
        return new(
            NoticeKind.WorkersQuarantined,
            NoticeSeverity.Problem,
            $"Worker {newest.Worker} on {newest.Host}{more} is quarantined: a sample of it was wrong. {newest.Finding} 'lopt quarantine' "
                + "lists what it may have spoilt, and lifts the quarantine.");
    }

    public Notice? OfDisputes(RunFacts facts)
    {
        if (facts.Disputes.FirstOrDefault() is not { } dispute) return null;
        string parties = string.Join(" and ", dispute.Disputed.Select(c => $"{c.Worker} on {c.Host}"));
        return new(
            NoticeKind.SamplesDisputed,
            NoticeSeverity.Warning,
            $"Workers {parties} computed sample {dispute.ProblemId}/{dispute.Disputed[0].Sample.Identity.Truncation} and do not agree. "
                + (dispute.Auditor is { } third ? $"{third} computes it to decide." : "Another worker is needed to decide; start one."));
    }
}
