namespace LoptCluster.Coordinator.Store.Ledger;

/// <summary>The tables of a run's file that say where a replay begins. docs/STORE.md describes them.</summary>
internal static class ReplayTables
{
    public const string Tables = """
        CREATE TABLE replay_start (
            id INTEGER PRIMARY KEY CHECK (id = 0), version INTEGER NOT NULL, step INTEGER, average_updates INTEGER, average_sum BLOB);
        CREATE TABLE replay_start_vectors (place INTEGER PRIMARY KEY, "values" BLOB NOT NULL);
        CREATE TABLE pruned_samples (
            id INTEGER PRIMARY KEY CHECK (id = 0), accepted INTEGER NOT NULL, stale INTEGER NOT NULL, rp_computed INTEGER NOT NULL,
            rp_invalid INTEGER NOT NULL, seconds REAL NOT NULL, rp_seconds REAL NOT NULL);
        """;
}
