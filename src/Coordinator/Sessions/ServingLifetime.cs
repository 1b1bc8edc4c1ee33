namespace LoptCluster.Coordinator.Sessions;

/// <summary>
/// End of serving: streams to watchers say where the run stands once more and end with it, so that the server need not wait for them.
/// </summary>
internal sealed class ServingLifetime : IDisposable
{
    /// <summary>For a last message to a watcher that reads slowly.</summary>
    private static readonly TimeSpan LastMessageLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenSource _closed = new();

    /// <summary>The run is served no longer; its status and θ are the last of this process.</summary>
    public bool IsOver => _over.IsCancellationRequested;

    public void End()
    {
        _over.Cancel();
        _closed.CancelAfter(LastMessageLimit);
    }

    /// <summary>For what a stream waits for: cancelled when the caller goes away or the coordinator stops.</summary>
    public CancellationTokenSource Within(CancellationToken caller) => CancellationTokenSource.CreateLinkedTokenSource(caller, _over.Token);

    /// <summary>For what a stream sends: cancelled when the caller goes away, or a last message has had its time.</summary>
    public CancellationTokenSource Sending(CancellationToken caller) =>
        CancellationTokenSource.CreateLinkedTokenSource(caller, _closed.Token);

    /// <summary>Waits for the next tick, or the end of serving.</summary>
    /// <exception cref="OperationCanceledException">The caller has gone away.</exception>
    public async Task WaitAsync(PeriodicTimer timer, CancellationToken caller)
    {
        using var until = Within(caller);
        try
        {
            await timer.WaitForNextTickAsync(until.Token);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            // Serving has ended: the caller sends its last message.
        }
    }

    public CancellationTokenRegistration WhenOver(Action action) => _over.Token.Register(action);

    public void Dispose()
    {
        _over.Dispose();
        _closed.Dispose();
    }
}
