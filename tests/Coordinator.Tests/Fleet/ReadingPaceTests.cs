using LoptCluster.Coordinator.Fleet;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Shared.Instruments;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Fleet;

/// <summary>A flood stays in its sender's connection: how long the next message of a worker waits to be read.</summary>
public sealed class ReadingPaceTests
{
    private static readonly HeartbeatReceived Beat = new(0, WorkerActivities.Joining, "", "");

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly WorkerSession _session = RunParts.Session("flood");

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 20)]
    [InlineData(3, 60)]
    [InlineData(1000, 1000)]
    public void WaitAsync_MessagesRefusedSince_CostTheirSenderTime(int refused, int milliseconds)
    {
        var pace = new ReadingPace(_session, _time);
        _session.Refused = refused;

        AssertWaits(milliseconds, pace);
        // Each refusal is paid for once.
        AssertWaits(0, pace);
    }

    [Fact]
    public async Task WaitAsync_HeartbeatsCloserThanAnyWorkersAre_ComeTenASecond()
    {
        var pace = new ReadingPace(_session, _time);
        await pace.WaitAsync(Beat, CancellationToken.None);

        var next = pace.WaitAsync(Beat, CancellationToken.None);

        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await next;
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(pace.WaitAsync(Beat, CancellationToken.None).IsCompletedSuccessfully);
    }

    private void AssertWaits(int milliseconds, ReadingPace pace)
    {
        var wait = pace.WaitAsync(new UnexpectedReceived("Hello"), CancellationToken.None);
        if (milliseconds > 0)
        {
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
            Assert.False(wait.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.True(wait.IsCompleted);
    }
}
