namespace LoptCluster.Coordinator.Store;

/// <summary>
/// The statements of a sample that is not committed yet. If an update takes it in the same transaction, which most samples of a busy run
/// see, they are changed instead of followed by others.
/// </summary>
internal sealed class UnmergedSample
{
    /// <summary>Parameters whose values an update decides.</summary>
    public const string Update = "$update", Place = "$place";

    /// <summary>Parameters of the sample's row.</summary>
    public (string Name, object Value)[] Sample { get; set; } = [];

    /// <summary>Parameters of its receipt's row.</summary>
    public (string Name, object Value)[] Receipt { get; set; } = [];

    /// <summary>Numbers of the statements for what is kept while it waits for its batch.</summary>
    public List<int> WhileWaiting { get; } = [];

    /// <summary>Nothing of it is written yet: its rows become those of a merged sample, without what is kept of one that waits.</summary>
    /// <param name="update">The update that took it.</param>
    /// <param name="place">Its place in the batch.</param>
    /// <param name="statements">Of the transaction.</param>
    public void Merge(long update, int place, List<WriteStatement> statements)
    {
        Set(Sample, Update, update);
        Set(Receipt, Place, place);
        foreach (int statement in WhileWaiting) statements[statement] = WriteStatement.None;
    }

    private static void Set((string Name, object Value)[] parameters, string name, object value)
    {
        int at = Array.FindIndex(parameters, p => p.Name == name);
        if (at >= 0) parameters[at].Value = value;
    }
}
