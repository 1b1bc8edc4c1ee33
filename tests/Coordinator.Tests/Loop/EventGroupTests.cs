using LoptCluster.Coordinator.Sessions;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Loop;

/// <summary>Groups of events that overlap: the next is handled while one is committed.</summary>
public sealed class EventGroupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CoreOnly _core;

    public EventGroupTests() => _core = new CoreOnly(
        new CoordinatorOptions
        {
            RunDirectory = _folder.Path,
            Specification = SmallRun.Specification,
            HeartbeatInterval = TimeSpan.FromDays(1),
        },
        TimeProvider.System);

    /// <summary>An answer says what is durable, and is given once.</summary>
    [Fact]
    public void Event_HandledDuringACommit_IsAnsweredAfterItsOwn()
    {
        var worker = RunParts.Session("worker");
        var pause = new PauseRequested(Paused: true);
        var first = _core.Begin();
        var second = _core.Begin(new WorkerJoined(worker), pause);

        first.Commit();
        first.Publish();
        Assert.False(worker.TryRead(out _));
        Assert.False(pause.Done.Task.IsCompleted);

        second.Commit();
        second.Publish();
        Assert.True(worker.TryRead(out var welcome));
        Assert.NotNull(welcome.Welcome);
        Assert.True(pause.Done.Task.IsCompleted);

        while (worker.TryRead(out _)) { }
        _core.Handle();
        Assert.False(worker.TryRead(out _));
    }

    public void Dispose()
    {
        _core.Dispose();
        _folder.Dispose();
    }
}
