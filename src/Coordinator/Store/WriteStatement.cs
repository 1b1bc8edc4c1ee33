namespace LoptCluster.Coordinator.Store;

/// <summary>A statement of a transaction, with the values of its parameters as they were when it was asked for.</summary>
internal readonly record struct WriteStatement(string Sql, (string Name, object Value)[] Parameters)
{
    /// <summary>In the place of a statement that is not needed any more.</summary>
    public static WriteStatement None { get; } = new("", []);
}
