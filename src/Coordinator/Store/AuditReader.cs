using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>Reads what a run's file says of audits, beside the writer (WAL).</summary>
internal sealed class AuditReader(RunReader reader)
{
    /// <summary>Audits that are going on, and whether all of their samples have come.</summary>
    public IReadOnlyList<(long ProblemId, bool Complete)> Audits() => reader.Query(
        "SELECT problem_id, complete FROM audits ORDER BY problem_id", r => (r.GetInt64(0), r.GetBoolean(1)));

    /// <summary>What is said of samples that are not settled, in order.</summary>
    public IReadOnlyList<StoredClaim> Claims() => reader.Query(
        "SELECT sample, worker, host, received, place FROM audit_claims ORDER BY problem_id, truncation, place",
        r => new StoredClaim(
            SampleWire.Decode((byte[])r.GetValue(0)), r.GetString(1), r.GetString(2), Time(r, 3), r.GetInt32(4)));

    public IReadOnlyList<QuarantineRecord> Quarantine() => reader.Query(
        "SELECT worker, host, since, problem_id, truncation, finding, dropped FROM quarantine ORDER BY since, worker",
        r => new QuarantineRecord(
            r.GetString(0), r.GetString(1), Time(r, 2), new SampleIdentity(r.GetInt64(3), r.GetInt32(4)), r.GetString(5), r.GetInt32(6)));

    /// <summary>Workers of which a sample was found right, with the arrival of the newest of these.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> AgreedUntil() => reader.Query(
        "SELECT worker, until FROM audited_workers", r => KeyValuePair.Create(r.GetString(0), Time(r, 1))).ToDictionary();

    /// <summary>Workers that may go on although their host is in quarantine: they were there before.</summary>
    public IReadOnlyCollection<string> Spared() => reader.Query("SELECT worker FROM spared_workers", r => r.GetString(0));

    /// <summary>Samples that were found right.</summary>
    public long Agreed() => reader.Query("SELECT coalesce(sum(samples), 0) FROM audited_workers", r => r.GetInt64(0)).Single();

    /// <summary>Samples of a worker that arrived after a time and are part of θ, with the update that they went into.</summary>
    public IReadOnlyList<(SampleIdentity Sample, long Update)> MergedSince(string worker, DateTimeOffset since) => reader.Query(
        """
        SELECT problem_id, truncation, merged_update FROM samples
        WHERE worker = $worker AND received > $since AND merged_update IS NOT NULL ORDER BY merged_update, sequence
        """,
        r => (new SampleIdentity(r.GetInt64(0), r.GetInt32(1)), r.GetInt64(2)),
        ("$worker", worker), ("$since", since.ToUnixTimeMilliseconds()));

    /// <summary>Problems that have ended, and samples of which wait for a batch.</summary>
    public IReadOnlyList<(long Id, int Lane, int Horizon)> EndedWithWaitingSamples() => reader.Query(
        """
        SELECT id, lane, horizon FROM problems WHERE finished = 1 AND id IN (
            SELECT problem_id FROM samples WHERE counted = 1 AND merged_update IS NULL)
        """,
        r => (r.GetInt64(0), r.GetInt32(1), r.GetInt32(2)));

    /// <summary>What was acknowledged of a problem, open or not.</summary>
    public StoredTruncations Truncations(long problem) => reader.Truncations(problem);

    private static DateTimeOffset Time(SqliteDataReader row, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
