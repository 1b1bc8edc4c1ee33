namespace LoptCluster.Coordinator.Store.Ledger;

/// <summary>Removes the rows of a run's file that neither the run nor a replay from a later version of θ needs.</summary>
/// <remarks>
/// What stays: history, evaluations and plans; the samples of a problem, all of them, if it is open or one of them waits or was merged
/// later; the θ that these samples were computed at, that was evaluated, and the first. A sample of a pruned problem that is sent once
/// more is refused instead of acknowledged again; a worker sends again only what was not acknowledged, so there is none.
/// </remarks>
internal static class RunPruner
{
    private const string Keep = """
        CREATE TEMP TABLE kept AS
            SELECT problem_id AS id FROM samples WHERE (counted = 1 AND merged_update IS NULL) OR merged_update > $last
            UNION SELECT id FROM problems WHERE finished = 0;
        INSERT OR REPLACE INTO pruned_samples
            SELECT 0, sum(accepted), sum(stale), sum(rp_computed), sum(rp_invalid), sum(seconds), sum(rp_seconds) FROM (
                SELECT accepted, stale, rp_computed, rp_invalid, seconds, rp_seconds FROM pruned_samples
                UNION ALL SELECT coalesce(sum(counted), 0), coalesce(sum(NOT counted), 0), 0, 0, coalesce(sum(seconds), 0.0), 0.0
                    FROM samples WHERE problem_id NOT IN (SELECT id FROM kept)
                UNION ALL SELECT 0, 0, count(*), coalesce(sum(NOT finite), 0), 0.0, coalesce(sum(seconds), 0.0)
                    FROM gradients WHERE sequence IN (SELECT sequence FROM samples WHERE problem_id NOT IN (SELECT id FROM kept)));
        """;

    /// <summary>The greatest id stays: the next problem has the next one.</summary>
    private const string Remove = """
        DELETE FROM gradients WHERE sequence IN (SELECT sequence FROM samples WHERE problem_id NOT IN (SELECT id FROM kept));
        DELETE FROM hand_backs WHERE problem_id NOT IN (SELECT id FROM kept);
        DELETE FROM audits WHERE problem_id NOT IN (SELECT id FROM kept);
        DELETE FROM audit_claims WHERE problem_id NOT IN (SELECT id FROM kept);
        DELETE FROM samples WHERE problem_id NOT IN (SELECT id FROM kept);
        DELETE FROM problems WHERE id NOT IN (SELECT id FROM kept) AND id < (SELECT max(id) FROM problems);
        DELETE FROM theta WHERE version > 0 AND version < $last
            AND version NOT IN (SELECT theta_version FROM samples)
            AND version NOT IN (SELECT version FROM evaluations WHERE version IS NOT NULL);
        DELETE FROM checksums WHERE item = 'theta' AND id NOT IN (SELECT version FROM theta);
        DROP TABLE kept;
        """;

    /// <summary>Removes the rows and records where a replay begins, in one transaction; then gives their room back to the disk.</summary>
    /// <param name="database">The run's file, opened for this program alone.</param>
    /// <param name="start">Where a replay begins: the updates up to its version are pruned.</param>
    public static void Prune(RunDatabase database, ReplayStart start)
    {
        using (var transaction = database.Connection.BeginTransaction())
        {
            Execute(database, Keep, ("$last", start.Version));
            Execute(database, Remove, ("$last", start.Version));
            Execute(
                database, "INSERT OR REPLACE INTO replay_start VALUES (0, $version, $step, $updates, $sum)", ("$version", start.Version),
                ("$step", start.Optimizer?.Step), ("$updates", start.Average?.Updates),
                ("$sum", start.Average is { } average ? DoubleBytes.Pack(average.Sum) : null));
            Execute(database, "DELETE FROM replay_start_vectors");
            foreach (var (place, vector) in (start.Optimizer?.Vectors ?? []).Index())
            {
                Execute(
                    database, "INSERT INTO replay_start_vectors VALUES ($place, $values)", ("$place", place),
                    ("$values", DoubleBytes.Pack(vector)));
            }

            transaction.Commit();
        }

        Execute(database, "VACUUM");
        Execute(database, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static void Execute(RunDatabase database, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = database.Command(sql);
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        command.ExecuteNonQuery();
    }
}
