namespace LoptCluster.Coordinator.Store;

/// <summary>The tables of a run's file that say which samples are being audited, and which workers were found wrong.</summary>
internal static class AuditTables
{
    public const string Tables = """
        CREATE TABLE audits (problem_id INTEGER PRIMARY KEY, complete INTEGER NOT NULL);
        CREATE TABLE audit_claims (
            problem_id INTEGER NOT NULL, truncation INTEGER NOT NULL, place INTEGER NOT NULL, worker TEXT NOT NULL, host TEXT NOT NULL,
            received INTEGER NOT NULL, sample BLOB NOT NULL, PRIMARY KEY (problem_id, truncation, place)) WITHOUT ROWID;
        CREATE TABLE audited_workers (
            worker TEXT PRIMARY KEY, host TEXT NOT NULL, samples INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE quarantine (
            worker TEXT PRIMARY KEY, host TEXT NOT NULL, since INTEGER NOT NULL, problem_id INTEGER NOT NULL, truncation INTEGER NOT NULL,
            finding TEXT NOT NULL, dropped INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE spared_workers (worker TEXT PRIMARY KEY, host TEXT NOT NULL) WITHOUT ROWID;
        """;
}
