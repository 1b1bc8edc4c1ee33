using LoptCluster.Worker.Unrolling;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class GuardedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Wait_StateChanges_WakesEveryWaiter()
    {
        var guarded = new Guarded<List<int>>([]);
        var waiting = Enumerable.Range(0, 4).Select(_ => OnThread(() => guarded.Wait<int>(TryFirst, default))).ToList();
        guarded.Change(l => l.Add(17));
        int[] received = await Task.WhenAll(waiting).WaitAsync(Patience);
        Assert.Equal([17, 17, 17, 17], received);
    }

    [Fact]
    public async Task Wait_ManyChangesAndWaiters_GivesEachValueOnce()
    {
        const int Values = 10_000;
        var guarded = new Guarded<Queue<int>>([]);
        var consumers = Enumerable.Range(0, 4).Select(_ => OnThread(() => Consume(guarded))).ToList();
        for (int i = 0; i < Values; i++) guarded.Change(q => q.Enqueue(i));
        for (int i = 0; i < consumers.Count; i++) guarded.Change(q => q.Enqueue(-1));
        var received = await Task.WhenAll(consumers).WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, Values), received.SelectMany(r => r).Order());
    }

    [Fact]
    public async Task Wait_Cancelled_Throws()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = OnThread(() => new Guarded<List<int>>([]).Wait<int>(TryFirst, cancel.Token));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task WaitAsync_ConditionMet_Returns()
    {
        var guarded = new Guarded<List<int>>([]);
        var waiting = guarded.WaitAsync(l => l.Count == 2, new TaskCompletionSource().Task);
        guarded.Change(l => l.Add(1));
        Assert.False(waiting.IsCompleted);
        guarded.Change(l => l.Add(2));
        await waiting.WaitAsync(Patience);
    }

    [Fact]
    public async Task WaitAsync_LimitFirst_ReturnsWithoutTheCondition()
    {
        var limit = new TaskCompletionSource();
        var waiting = new Guarded<List<int>>([]).WaitAsync(l => l.Count == 2, limit.Task);
        limit.SetResult();
        await waiting.WaitAsync(Patience);
    }

    private static bool TryFirst(List<int> list, out int first)
    {
        first = list.FirstOrDefault();
        return list.Count > 0;
    }

    private static List<int> Consume(Guarded<Queue<int>> guarded)
    {
        var values = new List<int>();
        while (guarded.Wait<int>((q, out value) => q.TryDequeue(out value), default) is >= 0 and var next) values.Add(next);
        return values;
    }

    /// <summary>Threads of their own: blocking ones must not starve the test's pool.</summary>
    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
