namespace LoptCluster.Worker.Unrolling;

/// <summary>A state that is reachable only under its lock, and a wait for its changes.</summary>
/// <remarks>
/// Thread-safe. The functions given to it run under the lock: they must be short, must not wait, and must not let the state escape.
/// Every <see cref="Change"/> wakes every waiter, which looks at the state again.
/// </remarks>
internal sealed class Guarded<TState>(TState state)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Looks at the state and, if there is one, takes a result out of it.</summary>
    /// <returns>False: there is no result before the state changes.</returns>
    internal delegate bool Attempt<TResult>(TState state, out TResult result);

    public TResult Read<TResult>(Func<TState, TResult> read)
    {
        lock (_gate) return read(state);
    }

    public void Change(Action<TState> change) => Change(s =>
    {
        change(s);
        return true;
    });

    public TResult Change<TResult>(Func<TState, TResult> change)
    {
        TaskCompletionSource changed;
        TResult result;
        lock (_gate)
        {
            result = change(state);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
        return result;
    }

    /// <summary>Blocks the thread until <paramref name="attempt"/> succeeds.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before that.</exception>
    public TResult Wait<TResult>(Attempt<TResult> attempt, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (attempt(state, out var result)) return result;
                changed = _changed.Task;
            }

            changed.Wait(cancellation);
        }
    }

    /// <summary>Waits until the state meets <paramref name="condition"/> or <paramref name="limit"/> completes.</summary>
    public async Task WaitAsync(Func<TState, bool> condition, Task limit)
    {
        while (!limit.IsCompleted)
        {
            Task changed;
            lock (_gate)
            {
                if (condition(state)) return;
                changed = _changed.Task;
            }

            await Task.WhenAny(changed, limit);
        }
    }
}
