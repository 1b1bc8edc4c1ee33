namespace LoptCluster.Coordinator.Store.Ledger;

/// <summary>The tables of a run's file that say where merged samples came from and went. docs/STORE.md describes them.</summary>
internal static class LedgerTables
{
    /// <summary>Added to files that lack them.</summary>
    public const string Additions = """
        CREATE TABLE IF NOT EXISTS ledger (
            problem_id INTEGER NOT NULL, truncation INTEGER NOT NULL, worker TEXT NOT NULL, received INTEGER NOT NULL, place INTEGER,
            PRIMARY KEY (problem_id, truncation)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS replay_start (
            id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL, step INTEGER, average_updates INTEGER, average_sum BLOB);
        CREATE TABLE IF NOT EXISTS replay_start_vectors (place INTEGER PRIMARY KEY, "values" BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS pruned_samples (
            id INTEGER PRIMARY KEY CHECK (id = 0), accepted INTEGER NOT NULL, stale INTEGER NOT NULL, rp_computed INTEGER NOT NULL,
            rp_invalid INTEGER NOT NULL, seconds REAL NOT NULL, rp_seconds REAL NOT NULL);
        """;
}
