namespace LoptCluster.Chaos.Hostile;

/// <summary>Holds the attackers back, connected as they are, or lets them send.</summary>
internal sealed class AttackGate
{
    private volatile TaskCompletionSource _open = Opened();

    public bool IsOpen
    {
        get => _open.Task.IsCompleted;
        set
        {
            if (value) _open.TrySetResult();
            else if (_open.Task.IsCompleted) _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public Task PassAsync() => _open.Task;

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }
}
