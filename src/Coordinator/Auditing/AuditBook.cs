using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Auditing;

/// <summary>The audits that are going on.</summary>
/// <remarks>
/// Owned by the run loop; not thread-safe. The tables audits and audit_claims are its durable twin: a restarted coordinator goes on with
/// the samples that were not settled, from the start of their problems.
/// </remarks>
internal sealed class AuditBook(AuditDraw draw, AuditWriter writer, CoordinatorMetrics metrics)
{
    /// <summary>Samples that may wait for an auditor: more are not audited.</summary>
    public const int MostOpen = 1000;

    private readonly SortedDictionary<long, Audit> _audits = [];
    private readonly List<EndedOrder> _ended = [];

    public IReadOnlyCollection<Audit> All => _audits.Values;

    /// <summary>Samples that are not settled.</summary>
    public int Open { get; private set; }

    public IEnumerable<Audit> Disputes => _audits.Values.Where(a => a.IsDisputed);

    public void Restore(AuditReader reader)
    {
        foreach (var (problem, complete) in reader.Audits())
        {
            var audit = new Audit(problem) { Complete = complete };
            audit.Done.AddRange(reader.Truncations(problem).Done);
            _audits.Add(problem, audit);
        }

        foreach (var claims in reader.Claims().GroupBy(c => c.Sample.Identity))
        {
            if (!_audits.TryGetValue(claims.Key.ProblemId, out var audit)) continue;
            audit.Open.Enqueue(claims.First());
            if (claims.Skip(1).Any()) audit.Disputed.AddRange(claims);
            Open++;
        }

        foreach (var audit in _audits.Values.Where(a => a.Complete)) audit.LeaveOutTail();
    }

    /// <summary>A sample was acknowledged: if its problem is drawn, it is audited.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="worker">The worker that sent it.</param>
    /// <param name="host">Its machine.</param>
    /// <param name="now">The time.</param>
    /// <param name="hasOthers">Other workers are connected: otherwise no audit begins.</param>
    public void OnAccepted(GradientSample sample, string worker, string host, DateTimeOffset now, bool hasOthers)
    {
        var (problem, truncation) = sample.Identity;
        if (!_audits.TryGetValue(problem, out var audit))
        {
            if (truncation > 0 || !hasOthers || !draw.Draws(problem)) return;
            _audits.Add(problem, audit = new Audit(problem));
        }

        if (audit.Complete) return;
        audit.Done.Add(new DoneTruncation(truncation, sample.Steps, sample.ThetaVersion));
        audit.Complete = sample.ProblemFinished || Open >= MostOpen;
        if (Open >= MostOpen) metrics.Audited(AuditOutcome.Skipped);
        else Claim(audit, new StoredClaim(sample, worker, host, now));
        if (truncation == 0 || audit.Complete) writer.SetAudit(problem, audit.Complete);
        RemoveIfOver(audit);
    }

    /// <summary>
    /// Another worker goes on from a state that was handed back: of later samples a difference would not tell which of the two was wrong.
    /// </summary>
    public void OnHandedOver(long problem)
    {
        if (!_audits.TryGetValue(problem, out var audit) || audit.Complete) return;
        audit.Complete = true;
        writer.SetAudit(problem, complete: true);
        RemoveIfOver(audit);
    }

    /// <summary>The audit that a worker was asked for; null: it is over, or another has it by now.</summary>
    public Audit? Find(long orderId, string worker) =>
        _audits.Values.FirstOrDefault(a => a.OrderId == orderId && a.Auditor == worker);

    /// <summary>A worker is gone: what it was asked for waits for another.</summary>
    public void Release(string worker)
    {
        foreach (var audit in _audits.Values.Where(a => a.Auditor == worker)) audit.Release();
    }

    /// <summary>An audit waits for another worker.</summary>
    public void Release(Audit audit)
    {
        if (audit.Auditor is { } auditor) _ended.Add(new EndedOrder(auditor, audit.OrderId, audit.ProblemId));
        audit.Release();
    }

    /// <summary>What auditors are still to be told: that these orders are over.</summary>
    public IReadOnlyList<EndedOrder> TakeEnded()
    {
        EndedOrder[] ended = [.. _ended];
        _ended.Clear();
        return ended;
    }

    /// <summary>The first open sample of an audit is settled: it is right.</summary>
    public void Settle(Audit audit)
    {
        var right = audit.Open.Dequeue();
        Open--;
        if (audit.IsDisputed) Release(audit);
        audit.Disputed.Clear();
        writer.DropClaims(right.Sample.Identity);
        writer.AddAgreement(right);
        metrics.Audited(AuditOutcome.Agreed);
        RemoveIfOver(audit);
    }

    /// <summary>A result differs from all that was said of the first open sample.</summary>
    public void Dispute(Audit audit, StoredClaim result)
    {
        if (!audit.IsDisputed)
        {
            audit.Disputed.Add(audit.Open.Peek());
            metrics.Audited(AuditOutcome.Differed);
        }

        var claim = result with { Place = audit.Disputed.Count };
        audit.Disputed.Add(claim);
        Release(audit);
        writer.AddClaim(claim);
    }

    /// <summary>The audit of a problem is over: some of its samples are dropped.</summary>
    public void Drop(long problem)
    {
        if (_audits.TryGetValue(problem, out var audit)) Remove(audit);
    }

    /// <summary>A worker is not believed any more: what it said is forgotten.</summary>
    public void Forget(string worker)
    {
        Release(worker);
        foreach (var audit in _audits.Values.ToList())
        {
            if (audit.Open.Any(c => c.Worker == worker))
            {
                Remove(audit);
            }
            else if (audit.Disputed.RemoveAll(c => c.Worker == worker) > 0)
            {
                // Of two that differed one is not believed: the sample is computed once more.
                writer.DropClaims(audit.Disputed[0].Sample.Identity);
                if (audit.Disputed.Count == 1) audit.Disputed.Clear();
                foreach (var (place, claim) in audit.Disputed.DefaultIfEmpty(audit.Open.Peek()).Index())
                    writer.AddClaim(claim with { Place = place });
                Release(audit);
            }
        }
    }

    private void Claim(Audit audit, StoredClaim claim)
    {
        audit.Open.Enqueue(claim);
        Open++;
        writer.AddClaim(claim);
    }

    private void RemoveIfOver(Audit audit)
    {
        if (audit is { Complete: true, Open.Count: 0 }) Remove(audit);
    }

    private void Remove(Audit audit)
    {
        Release(audit);
        _audits.Remove(audit.ProblemId);
        Open -= audit.Open.Count;
        writer.DropAudit(audit.ProblemId);
    }
}
