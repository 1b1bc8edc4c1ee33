using LoptCluster.Coordinator.Store.Ledger;
using LoptCluster.Shared;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Store;

/// <summary>The tables of a run's file.</summary>
internal static class RunSchema
{
    /// <summary>Format of the file, in its <c>user_version</c>.</summary>
    public const int Version = 7;

    private const string Tables = """
        CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE theta (version INTEGER PRIMARY KEY, "values" BLOB NOT NULL, rp_share REAL NOT NULL, truncation_steps REAL);
        CREATE TABLE plans (
            from_version INTEGER PRIMARY KEY, outer_updates INTEGER NOT NULL, truncation_first REAL NOT NULL,
            truncation_last REAL NOT NULL, truncation_ramp_updates REAL NOT NULL);
        CREATE TABLE outer_optimizer (id INTEGER PRIMARY KEY CHECK (id = 0), step INTEGER NOT NULL);
        CREATE TABLE outer_optimizer_vectors (place INTEGER PRIMARY KEY, "values" BLOB NOT NULL);
        CREATE TABLE theta_average (id INTEGER PRIMARY KEY CHECK (id = 0), updates INTEGER NOT NULL, sum BLOB NOT NULL);
        CREATE TABLE rp_share (id INTEGER PRIMARY KEY CHECK (id = 0), updates INTEGER NOT NULL, gain BLOB NOT NULL, cost BLOB NOT NULL);
        CREATE TABLE problems (
            id INTEGER PRIMARY KEY, lane INTEGER NOT NULL, horizon INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0,
            state BLOB);
        CREATE TABLE owners (problem_id INTEGER PRIMARY KEY, worker TEXT NOT NULL, assignment INTEGER NOT NULL);
        CREATE TABLE hand_backs (
            problem_id INTEGER NOT NULL, worker TEXT NOT NULL, truncation INTEGER NOT NULL, PRIMARY KEY (problem_id, worker)) WITHOUT ROWID;
        CREATE INDEX open_problems ON problems (id) WHERE finished = 0;
        CREATE TABLE samples (
            sequence INTEGER PRIMARY KEY, problem_id INTEGER NOT NULL, truncation INTEGER NOT NULL, theta_version INTEGER NOT NULL,
            start_step INTEGER NOT NULL, steps INTEGER NOT NULL, losses BLOB NOT NULL, finished INTEGER NOT NULL, seconds REAL NOT NULL,
            worker TEXT NOT NULL, received INTEGER NOT NULL, counted INTEGER NOT NULL, merged_update INTEGER, place INTEGER,
            checksum INTEGER, UNIQUE (problem_id, truncation));
        CREATE TABLE gradients (
            sequence INTEGER NOT NULL, estimator TEXT NOT NULL, finite INTEGER NOT NULL, seconds REAL NOT NULL,
            PRIMARY KEY (sequence, estimator)) WITHOUT ROWID;
        CREATE TABLE waiting_gradients (
            sequence INTEGER NOT NULL, estimator TEXT NOT NULL, "values" BLOB NOT NULL, PRIMARY KEY (sequence, estimator)) WITHOUT ROWID;
        CREATE INDEX unmerged_samples ON samples (sequence) WHERE counted = 1 AND merged_update IS NULL;
        CREATE TABLE evaluations (
            id INTEGER PRIMARY KEY, version INTEGER, split TEXT NOT NULL, tasks INTEGER NOT NULL, mean_loss REAL NOT NULL,
            final_loss REAL NOT NULL,
            seconds REAL NOT NULL, average INTEGER NOT NULL);
        CREATE TABLE evaluation_kinds (
            evaluation INTEGER NOT NULL, kind TEXT NOT NULL, tasks INTEGER NOT NULL, mean_loss REAL NOT NULL, final_loss REAL NOT NULL,
            PRIMARY KEY (evaluation, kind)) WITHOUT ROWID;
        CREATE TABLE history (outer_update INTEGER PRIMARY KEY, seconds REAL NOT NULL);
        CREATE TABLE figures (
            outer_update INTEGER NOT NULL, figure TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (outer_update, figure)) WITHOUT ROWID;
        """;

    /// <summary>Makes the tables of a new file.</summary>
    /// <exception cref="UserErrorException">The file has another format.</exception>
    public static void Prepare(SqliteConnection connection, string path)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "PRAGMA user_version";
        long version = (long)read.ExecuteScalar()!;
        if (version == Version) return;
        if (version != 0) throw OtherFormat(path, version);
        using var transaction = connection.BeginTransaction();
        foreach (string tables in (string[])[Tables, Checksums.Table, ReplayTables.Tables, AuditTables.Tables, ComparisonTables.Tables])
            Execute(connection, tables, transaction);
        Execute(connection, $"PRAGMA user_version = {Version}", transaction);
        transaction.Commit();
    }

    /// <summary>The error of a run's file in another format than this program's.</summary>
    public static UserErrorException OtherFormat(string path, long version) => new(
        $"'{path}' was written by another version of lopt (format {version}, this one reads {Version}). Use that version, or start a new "
            + "run.");

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
