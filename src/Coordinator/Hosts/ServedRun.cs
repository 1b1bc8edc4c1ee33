namespace LoptCluster.Coordinator.Hosts;

/// <summary>A run of this process, whether or not its turn has come.</summary>
/// <param name="name">Name within the process; "" if it is the only one.</param>
/// <param name="open">Opens the run's folder.</param>
internal sealed class ServedRun(string name, Func<RunHost> open)
{
    private volatile RunHost? _host;
    private volatile string _failure = "";

    public string Name => name;

    /// <summary>Null before its turn, and if it could not be opened.</summary>
    public RunHost? Host => _host;

    /// <summary>Why it could not be opened, or broke down; "" if it did not.</summary>
    public string Failure => _host?.Failure?.Message ?? _failure;

    public bool IsWaiting => _host is null && _failure.Length == 0;

    /// <summary>Its last outer-update is applied and evaluated, it failed, or an operator drained it.</summary>
    public bool IsOver => _host is { } host ? host.Need.IsOver : _failure.Length > 0;

    public RunHost Open() => _host = open();

    /// <summary>It could not be opened, or not be started.</summary>
    public void Fail(string reason)
    {
        _failure = reason;
        _host = null;
    }
}
