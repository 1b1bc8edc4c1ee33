using LoptCluster.Coordinator.Fleet;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Protocol;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Fleet;

public sealed class StateAssemblyTests
{
    private readonly StateMemory _memory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly byte[] _part = new byte[ProtocolLimits.StateChunkBytes];

    [Fact]
    public void Add_StateTakesMoreThanHalfOfTheMemory_IsRefusedAndGivesItBack()
    {
        using var sut = CreateSut();

        Fill(sut, StateMemory.Most);

        Assert.Contains("of 128 MiB; it is recomputed", Fault(sut.Add(_part, last: true)), StringComparison.Ordinal);
        Assert.True(_memory.TryTake(StateMemory.Most / 2));
        // The next one begins anew: it is read, and is none.
        Assert.Contains("format", Fault(sut.Add([], last: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_OtherPeersHoldAllTheyMay_AStateOfMegabytesFindsRoom()
    {
        StateAssembly[] hostile = [CreateSut(), CreateSut(), CreateSut()];
        foreach (var assembly in hostile) Fill(assembly, StateMemory.Most);

        using var sut = CreateSut();
        Fill(sut, 4 << 20);

        Assert.Contains("format", Fault(sut.Add([], last: true)), StringComparison.Ordinal);
        foreach (var assembly in hostile) assembly.Dispose();
        Assert.True(_memory.TryTake(StateMemory.Most / 2));
    }

    [Fact]
    public void DropOverdue_LastPartDoesNotCome_ReturnsTheMemoryAndSaysSoAtTheEnd()
    {
        using var sut = CreateSut();
        Fill(sut, StateMemory.Most / 4);
        _time.Advance(StateAssembly.Limit);
        sut.DropOverdue();
        Assert.False(_memory.TryTake(StateMemory.Most / 2));

        _time.Advance(TimeSpan.FromSeconds(1));
        sut.DropOverdue();

        Assert.True(_memory.TryTake(StateMemory.Most / 2));
        Assert.Contains("did not come whole within 30 s", Fault(sut.Add(_part, last: true)), StringComparison.Ordinal);
    }

    private static string Fault(IncomingMessage? message) => Assert.IsType<StateUnreadable>(message).Refusal.Detail;

    private void Fill(StateAssembly assembly, long until)
    {
        for (long bytes = 0; bytes < until; bytes += _part.Length) Assert.Null(assembly.Add(_part, last: false));
    }

    private StateAssembly CreateSut() => new(_memory, _time);
}
