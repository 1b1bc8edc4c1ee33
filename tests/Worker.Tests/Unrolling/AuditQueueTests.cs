using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using LoptCluster.Worker.Unrolling;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class AuditQueueTests
{
    private readonly AuditQueue _sut = new();

    [Fact]
    public void TryDequeue_BesideProblems_TakesATurnAsOneOfThem()
    {
        _sut.Take(Order(1, first: 0, count: 10));
        string turns = "";
        for (int i = 0; i < 12; i++) turns += TakeTurn(problems: 3) ? 'a' : 'p';

        Assert.Equal("pppapppapppa", turns);
    }

    [Fact]
    public void TryDequeue_NoProblemReady_TakesTheAudit()
    {
        _sut.Take(Order(1, first: 0, count: 2));

        Assert.NotNull(_sut.TryDequeue(problems: 100, problemReady: false));
        // A slot has it: its next truncation has to wait.
        Assert.Null(_sut.TryDequeue(problems: 100, problemReady: false));
    }

    [Fact]
    public void Take_MoreTruncations_GoOnWhereTheAuditStands()
    {
        _sut.Take(Order(1, first: 0, count: 1));
        var held = _sut.TryDequeue(0, problemReady: false)!.Held;
        Assert.True(_sut.Release(held));
        _sut.Take(Order(1, first: 1, count: 1, complete: true));
        Assert.Same(held, _sut.TryDequeue(0, problemReady: false)!.Held);

        Assert.True(_sut.Release(held));

        Assert.Equal(0, _sut.Count);
    }

    /// <summary>After a reconnect the coordinator begins anew; a rest of what was lost is no audit.</summary>
    [Fact]
    public void Take_RestOfAnAuditThatIsNotHeld_IsLeft()
    {
        _sut.Take(Order(1, first: 0, count: 1));
        var held = _sut.TryDequeue(0, problemReady: false)!.Held;
        _sut.Clear();

        Assert.False(_sut.Release(held));
        _sut.Take(Order(1, first: 1, count: 1));
        Assert.Null(_sut.TryDequeue(0, problemReady: false));
    }

    [Fact]
    public void Take_NoTruncations_EndsTheAudit()
    {
        _sut.Take(Order(1, first: 0, count: 3));
        _sut.Take(Order(1, first: 0, count: 0));

        Assert.Null(_sut.TryDequeue(0, problemReady: false));
    }

    private bool TakeTurn(int problems)
    {
        if (_sut.TryDequeue(problems, problemReady: true) is not { } work) return false;
        return _sut.Release(work.Held);
    }

    private static AuditOrder Order(long id, int first, int count, bool complete = false) => new(
        id, 7, first, [.. Enumerable.Repeat(new AuditedTruncation(SmallRun.Steps, SmallRun.Theta(0)), count)], 0, complete);
}
