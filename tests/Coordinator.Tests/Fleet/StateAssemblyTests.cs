using LoptCluster.Coordinator.Fleet;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Protocol;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
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

        Assert.Contains("of 64 MiB; it is recomputed", Fault(sut.Add(_part, last: true, 0)), StringComparison.Ordinal);
        Assert.True(_memory.TryTake(StateMemory.Most / 2));
        // The next one begins anew: it is read, and is none.
        Assert.Contains("format", Fault(sut.Add([], last: true, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_OtherPeersHoldAllTheyMay_AStateOfMegabytesFindsRoom()
    {
        StateAssembly[] hostile = [CreateSut(), CreateSut(), CreateSut()];
        foreach (var assembly in hostile) Fill(assembly, StateMemory.Most);

        using var sut = CreateSut();
        Fill(sut, 4 << 20);

        Assert.Contains("format", Fault(sut.Add([], last: true, 0)), StringComparison.Ordinal);
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
        Assert.Contains("did not come whole within 30 s", Fault(sut.Add(_part, last: true, 0)), StringComparison.Ordinal);
    }

    /// <summary>Parts need not end where a state's numbers do, and what they took is free again once the state is stored.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(StateMemory.PieceBytes)]
    public void Add_PartsOfAnySize_GiveTheStateAndTheMemoryBack(int partBytes)
    {
        using var sut = CreateSut();
        float[] w = [.. Enumerable.Range(0, 20_000).Select(i => i / 7f)];
        var state = new InnerState { ProblemId = 3, Horizon = 9, Particles = [new Particle(w, [1, 2, 3])] };
        for (int round = 0; round < 2; round++)
        {
            byte[][] parts = [.. InnerStateCodec.Encode(state).Chunk(partBytes)];
            foreach (byte[] part in parts[..^1]) Assert.Null(sut.Add(part, last: false, 0));

            var handedBack = Assert.IsType<StateHandedBack>(sut.Add(parts[^1], last: true, assignmentId: 6));

            Assert.Equal(w, handedBack.State.Particles.Single().W);
            Assert.Equal(6, handedBack.AssignmentId);
            Assert.False(_memory.TryTake(StateMemory.Most / 2));
            handedBack.Release();
            Assert.True(_memory.TryTake(StateMemory.Most / 2));
            _memory.Return(StateMemory.Most / 2);
        }
    }

    private static string Fault(IncomingMessage? message) => Assert.IsType<StateUnreadable>(message).Refusal.Detail;

    private void Fill(StateAssembly assembly, long until)
    {
        for (long bytes = 0; bytes < until; bytes += _part.Length) Assert.Null(assembly.Add(_part, last: false, 0));
    }

    private StateAssembly CreateSut() => new(_memory, _time);
}
