namespace LoptCluster.Coordinator.Store;

/// <summary>
/// The statements of a sample that is not committed yet. If an update takes it in the same transaction, which most samples of a busy run
/// see, they are changed instead of followed by others.
/// </summary>
/// <param name="row">Parameters of the sample's row.</param>
/// <param name="firstGradient">Number of the first of the statements that keep the values of its gradients.</param>
internal sealed class UnmergedSample((string Name, object Value)[] row, int firstGradient)
{
    /// <summary>Parameters whose values an update decides: they are the last of the row.</summary>
    public const string Update = "$update", Place = "$place", Checksum = "$checksum";

    /// <summary>Number of these statements.</summary>
    public int Gradients { get; set; }

    /// <summary>It waits for its batch, with this checksum.</summary>
    public void Seal(long checksum) => row[^1].Value = checksum;

    /// <summary>Nothing of it is written yet: its rows become those of a merged sample, without what is kept of one that waits.</summary>
    /// <param name="update">The update that took it.</param>
    /// <param name="place">Its place in the batch.</param>
    /// <param name="statements">Of the transaction.</param>
    public void Merge(long update, int place, List<WriteStatement> statements)
    {
        (row[^3].Value, row[^2].Value, row[^1].Value) = (update, place, DBNull.Value);
        for (int i = 0; i < Gradients; i++) statements[firstGradient + i] = WriteStatement.None;
    }
}
