namespace LoptCluster.Coordinator.Run;

/// <summary>The label of a run's measurements in a process that serves several.</summary>
/// <param name="name">Name of the run; "" for the only one, whose measurements need no label.</param>
internal sealed class RunTag(string name)
{
    public const string Name = "run";

    public string Run => name;

    private readonly KeyValuePair<string, object?>[] _tags = name.Length > 0 ? [new(Name, name)] : [];

    /// <summary>The labels of a measurement of this run.</summary>
    public KeyValuePair<string, object?>[] With(params ReadOnlySpan<KeyValuePair<string, object?>> tags) => [.. tags, .. _tags];
}
