namespace LoptCluster.Coordinator.Store;

/// <summary>The table of a comparison's results. A run that trains leaves it empty, or has none if an earlier release began it.</summary>
internal static class ComparisonTables
{
    public const string Tables = """
        CREATE TABLE comparison_parts (
            task INTEGER NOT NULL, optimizer INTEGER NOT NULL, losses BLOB NOT NULL, setting INTEGER NOT NULL, train_curve BLOB NOT NULL,
            valid_curve BLOB NOT NULL, worker TEXT NOT NULL, seconds REAL NOT NULL, checksum INTEGER NOT NULL,
            PRIMARY KEY (task, optimizer)) WITHOUT ROWID;
        """;
}
