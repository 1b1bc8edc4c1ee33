namespace LoptCluster.TestKit;

/// <summary>Measures what code allocates on the managed heap.</summary>
public static class Allocation
{
    /// <summary>Bytes that an action allocates on this thread: the least of three times.</summary>
    /// <remarks>
    /// What the action itself allocates is in all three. Code that is compiled late, and a collection that another thread starts (the rest
    /// of this thread's allocation buffer then counts as allocated), add to one.
    /// </remarks>
    public static long Of(Action action) => Of(() => action);

    /// <inheritdoc cref="Of(Action)"/>
    /// <param name="prepare">Makes the action of each time; what it allocates itself does not count.</param>
    public static long Of(Func<Action> prepare) => Enumerable.Range(0, 3).Min(_ =>
    {
        var action = prepare();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
