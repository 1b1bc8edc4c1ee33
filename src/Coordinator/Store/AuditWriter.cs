using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Store;

/// <summary>The writes of the run loop about audits; part of the open transaction of the <see cref="RunWriter"/>.</summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
internal sealed class AuditWriter(RunWriter writer)
{
    public void SetAudit(long problem, bool complete) => writer.Execute(
        "INSERT OR REPLACE INTO audits VALUES ($problem, $complete)", ("$problem", problem), ("$complete", complete));

    /// <summary>An audit is over: what is left of it is removed.</summary>
    public void DropAudit(long problem)
    {
        writer.Execute("DELETE FROM audits WHERE problem_id = $problem", ("$problem", problem));
        writer.Execute("DELETE FROM audit_claims WHERE problem_id = $problem", ("$problem", problem));
    }

    public void AddClaim(StoredClaim claim) => writer.Execute(
        "INSERT OR REPLACE INTO audit_claims VALUES ($problem, $truncation, $place, $worker, $host, $received, $sample)",
        ("$problem", claim.Sample.Identity.ProblemId), ("$truncation", claim.Sample.Identity.Truncation), ("$place", claim.Place),
        ("$worker", claim.Worker), ("$host", claim.Host), ("$received", claim.Received.ToUnixTimeMilliseconds()),
        ("$sample", SampleWire.Encode(claim.Sample)));

    /// <summary>A sample is settled: all that was said of it is removed.</summary>
    public void DropClaims(SampleIdentity sample) => writer.Execute(
        "DELETE FROM audit_claims WHERE problem_id = $problem AND truncation = $truncation", ("$problem", sample.ProblemId),
        ("$truncation", sample.Truncation));

    /// <summary>A sample of a worker was found right.</summary>
    public void AddAgreement(StoredClaim claim) => writer.Execute(
        """
        INSERT INTO audited_workers VALUES ($worker, $host, 1, $until)
        ON CONFLICT (worker) DO UPDATE SET host = $host, samples = samples + 1, until = max(until, $until)
        """,
        ("$worker", claim.Worker), ("$host", claim.Host), ("$until", claim.Received.ToUnixTimeMilliseconds()));

    public void SetQuarantine(QuarantineRecord record) => writer.Execute(
        "INSERT OR REPLACE INTO quarantine VALUES ($worker, $host, $since, $problem, $truncation, $finding, $dropped)",
        ("$worker", record.Worker), ("$host", record.Host), ("$since", record.Since.ToUnixTimeMilliseconds()),
        ("$problem", record.Sample.ProblemId), ("$truncation", record.Sample.Truncation), ("$finding", record.Finding),
        ("$dropped", record.Dropped));

    /// <summary>A worker may go on although its host is in quarantine.</summary>
    public void SpareWorker(string worker, string host) => writer.Execute(
        "INSERT OR REPLACE INTO spared_workers VALUES ($worker, $host)", ("$worker", worker), ("$host", host));

    public void LiftQuarantine(string worker)
    {
        writer.Execute("DELETE FROM quarantine WHERE worker = $worker", ("$worker", worker));
        writer.Execute("DELETE FROM spared_workers WHERE host NOT IN (SELECT host FROM quarantine)");
    }

    /// <summary>Removes a problem's samples from a truncation on, none of them merged; the problem is open, without an owner.</summary>
    public void Rewind(long problem, int truncation)
    {
        const string Dropped = "problem_id = $problem AND truncation >= $truncation";
        const string OfSamples = $"WHERE sequence IN (SELECT sequence FROM samples WHERE {Dropped})";
        foreach (string rows in (string[])[$"waiting_gradients {OfSamples}", $"gradients {OfSamples}", $"samples WHERE {Dropped}"])
            writer.Execute($"DELETE FROM {rows}", ("$problem", problem), ("$truncation", truncation));
        writer.Execute("UPDATE problems SET finished = 0 WHERE id = $problem", ("$problem", problem));
        writer.Execute("DELETE FROM owners WHERE problem_id = $problem", ("$problem", problem));
        writer.Execute(
            "DELETE FROM hand_backs WHERE problem_id = $problem AND truncation >= $truncation", ("$problem", problem),
            ("$truncation", truncation));
        DropState(problem);
    }

    /// <summary>Forgets the state of a problem that a worker handed back.</summary>
    public void DropState(long problem) => writer.DropState(problem);

    /// <summary>Removes a problem of which there is no sample.</summary>
    public void RemoveProblem(long problem)
    {
        writer.Execute("DELETE FROM problems WHERE id = $problem", ("$problem", problem));
        foreach (string table in (string[])["owners", "hand_backs"])
            writer.Execute($"DELETE FROM {table} WHERE problem_id = $problem", ("$problem", problem));
    }

    /// <summary>Nothing of what a worker handed back of a problem is left.</summary>
    public void DropHandBack(long problem, string worker) => writer.Execute(
        "DELETE FROM hand_backs WHERE problem_id = $problem AND worker = $worker", ("$problem", problem), ("$worker", worker));
}
