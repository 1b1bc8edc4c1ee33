using LoptCluster.Coordinator.Replay;
using LoptCluster.Coordinator.Store;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Coordinator.Operations;

/// <summary>Composes what operators see of audits, from the run's file: the run loop is not asked.</summary>
internal sealed class QuarantineComposer(AuditReader reader)
{
    /// <summary>Merged samples of a worker that are listed.</summary>
    private const int MostListed = 1000;

    public Quarantine Compose()
    {
        var agreed = reader.AgreedUntil();
        var claims = reader.Claims().GroupBy(c => c.Sample.Identity).ToList();
        var quarantine = new Quarantine { SamplesAgreed = reader.Agreed(), SamplesWaiting = claims.Count };
        quarantine.Workers.AddRange(reader.Quarantine().Select(r => Worker(r, agreed.GetValueOrDefault(r.Worker))));
        quarantine.Disputes.AddRange(claims.Where(c => c.Count() > 1).Select(c => Dispute([.. c])));
        return quarantine;
    }

    private QuarantinedWorker Worker(QuarantineRecord record, DateTimeOffset agreedUntil)
    {
        var merged = reader.MergedSince(record.Worker, agreedUntil == default ? DateTimeOffset.UnixEpoch : agreedUntil);
        var worker = new QuarantinedWorker
        {
            WorkerId = record.Worker,
            Host = record.Host,
            UnixMilliseconds = record.Since.ToUnixTimeMilliseconds(),
            ProblemId = record.Sample.ProblemId,
            Truncation = record.Sample.Truncation,
            Finding = record.Finding,
            SamplesDropped = record.Dropped,
            AgreedUnixMilliseconds = agreedUntil == default ? 0 : agreedUntil.ToUnixTimeMilliseconds(),
            SamplesMerged = merged.Count,
        };
        worker.Merged.AddRange(merged.Take(MostListed).Select(m => new MergedSample
        {
            ProblemId = m.Sample.ProblemId,
            Truncation = m.Sample.Truncation,
            OuterUpdate = m.Update,
        }));
        return worker;
    }

    private static Dispute Dispute(IReadOnlyList<StoredClaim> claims)
    {
        var dispute = new Dispute
        {
            ProblemId = claims[0].Sample.Identity.ProblemId,
            Truncation = claims[0].Sample.Identity.Truncation,
            Difference = SampleComparison.Difference(claims[0].Sample, claims[1].Sample) ?? "",
        };
        dispute.Parties.AddRange(claims.Select(c => new DisputeParty { WorkerId = c.Worker, Host = c.Host }));
        return dispute;
    }
}
