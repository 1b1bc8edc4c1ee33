namespace LoptCluster.Coordinator.Store;

/// <summary>The tables of a run's file that say which samples are being audited, and which workers were found wrong.</summary>
internal static class AuditTables
{
    /// <summary>Added to files that lack them.</summary>
    public const string Additions = """
        CREATE TABLE IF NOT EXISTS audits (problem_id INTEGER PRIMARY KEY, complete INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS audit_claims (
            problem_id INTEGER NOT NULL, truncation INTEGER NOT NULL, place INTEGER NOT NULL, worker TEXT NOT NULL, host TEXT NOT NULL,
            received INTEGER NOT NULL, sample BLOB NOT NULL, PRIMARY KEY (problem_id, truncation, place)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS audited_workers (
            worker TEXT PRIMARY KEY, host TEXT NOT NULL, samples INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS quarantine (
            worker TEXT PRIMARY KEY, host TEXT NOT NULL, since INTEGER NOT NULL, problem_id INTEGER NOT NULL, truncation INTEGER NOT NULL,
            finding TEXT NOT NULL, dropped INTEGER NOT NULL) WITHOUT ROWID;
        """;
}
