namespace LoptCluster.Coordinator.Store;

/// <summary>The writes of one transaction, complete: they become durable together or not at all.</summary>
/// <param name="database">The run's file.</param>
/// <param name="statements">In order.</param>
/// <param name="ledger">Keeps the gradients of merged samples; null: nothing does.</param>
/// <param name="pages">What the ledger is to keep.</param>
internal sealed class WriteGroup(
    RunDatabase database, IReadOnlyList<WriteStatement> statements, GradientLedger? ledger, IReadOnlyList<GradientLedger.Batch> pages)
{
    public bool IsEmpty => statements.Count == 0;

    /// <summary>On return they are durable. Groups are committed one after the other, in the order in which they ended.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The file cannot be written; calling again commits the same.</exception>
    /// <exception cref="Shared.UserErrorException">The file is no longer this run's, or no longer this coordinator's alone.</exception>
    public void Commit()
    {
        if (IsEmpty) return;
        // Pages of updates that do not get into the run's file are erased when the ledger is opened.
        ledger?.Commit(pages);
        database.Apply(statements);
    }
}
